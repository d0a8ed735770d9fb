import { serve } from "../serve.ts";

type Outputs = Readonly<Record<string, string>>;

const CREDENTIALS = {
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "AKIAPRETEND",
  AWS_SECRET_ACCESS_KEY: "pretend",
  AWS_EC2_METADATA_DISABLED: "true",
};

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

function describedStack(name: string, outputs: Outputs): string {
  const members = Object.entries(outputs).map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${name}</StackName>
<CreationTime>2026-11-25T10:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
<Outputs>${members.join("")}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

const missingStack = (name: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`;

/** A pretend CloudFormation and Secrets Manager on loopback. `asked` is what came, in its order. */
export async function pretendStacks({
  stacks,
  secrets = {},
}: {
  readonly stacks: Readonly<Record<string, Outputs>>;
  readonly secrets?: Readonly<Record<string, string>>;
}) {
  const asked: string[] = [];
  const url = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const target = request.headers["x-amz-target"];
    if (target !== undefined) {
      const { SecretId } = JSON.parse(body);
      asked.push(`${target} ${SecretId}`);
      response.setHeader("content-type", "application/x-amz-json-1.1");
      response.end(JSON.stringify({ ARN: SecretId, Name: SecretId, SecretString: secrets[SecretId] }));
      return;
    }
    const form = new URLSearchParams(body);
    const name = form.get("StackName") ?? "";
    asked.push(`${form.get("Action")} ${name}`);
    const outputs = stacks[name];
    response.setHeader("content-type", "text/xml");
    response.statusCode = outputs ? 200 : 400;
    response.end(outputs ? describedStack(name, outputs) : missingStack(name));
  });
  const env = {
    ...CREDENTIALS,
    AWS_ENDPOINT_URL_CLOUDFORMATION: url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
  };
  return { asked, env };
}
