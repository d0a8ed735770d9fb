import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/**
 * Parts of the AWS SDK that a function on Lambda never reaches, and that its bundler can't know of: each is behind an
 * `import()` or a constructor that always runs. In their place stands a module of a line.
 */
const UNREACHED: readonly { readonly packages: RegExp; readonly module: string }[] = [
  {
    // Lambda puts the role's credentials into the environment, which is the first place that the SDK looks at.
    packages:
      /^(@aws-sdk\/credential-provider-(ini|sso|process|web-identity|http)|@smithy\/credential-provider-imds)$/,
    module:
      'throw new Error("This function takes AWS credentials from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN alone, as Lambda sets them: set these. Profiles are read by the command line.");',
  },
  {
    // The client of CloudWatch Logs asks for both as it is made, and uses neither for what is asked of it here.
    packages: /^@smithy\/core\/event-streams$/,
    module: `export const eventStreamSerdeProvider = () => ({});
      export const resolveEventStreamSerdeConfig = (config) => config;
      export class EventStreamSerde {
        constructor() {
          throw new Error("no operation that is used here streams events");
        }
      }`,
  },
  {
    // The cache of an endpoint discovery that no command of the client asks for.
    packages: /^@aws-sdk\/endpoint-cache$/,
    module: "export class EndpointCache {}",
  },
];

const NAMESPACE = "unreached";

/** Leaves out what only other programs than a Lambda function need of the AWS SDK. */
export const withoutUnreached: Plugin = {
  name: NAMESPACE,
  setup(build) {
    for (const { packages, module } of UNREACHED) {
      build.onResolve({ filter: packages }, ({ path }) => ({
        path,
        namespace: NAMESPACE,
        pluginData: module,
      }));
    }
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ pluginData }) => ({ contents: pluginData }));
  },
};

/** Clients of which we tell no error apart but by its name, except these of DynamoDB, by their class. */
const TOLD_APART =
  "ConditionalCheckFailedException|ResourceInUseException|ResourceNotFoundException|TransactionCanceledException";
const SCHEMAS =
  /@aws-sdk[\\/]client-(cloudformation|cloudwatch|cloudwatch-logs|dynamodb|eventbridge|lambda|scheduler|secrets-manager|sns|sqs|ssm)[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/;
const MANIFEST = /@aws-sdk[\\/]client-[\w-]+[\\/]package\.json$/;

/**
 * Takes of an AWS client only what our calls need. Its schemas of all operations, 150 of SSM alone, are values that nothing
 * else uses, which is said here, for their computed keys keep a bundler from seeing it. Its errors are registered by
 * statements; one that is not registered comes as the service's own error, with its name. Of its manifest it reads the version.
 */
export const slimClients: Plugin = {
  name: "slim-clients",
  setup(build) {
    build.onLoad({ filter: SCHEMAS }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source
        .replace(new RegExp(`^n0_registry\\.registerError\\((?!(${TOLD_APART})\\$).*\\);$`, "gm"), "")
        .replace(/^((?:export )?var \w+\$? =) (\[[^;]*\]);$/gm, "$1 /* @__PURE__ */ (() => $2)();");
      return { contents, loader: "js" };
    });
    build.onLoad({ filter: MANIFEST }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify({ version }), loader: "json" };
    });
  },
};
