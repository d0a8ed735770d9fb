import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Duration, type RemovalPolicy, Validations } from "aws-cdk-lib";
import { type IGrantable, type IPrincipal, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  Architecture,
  Code,
  type IDestination,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { type ILogGroup, LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

/** What all functions have in common, as the watchdog's props say it. */
export interface FunctionOptions {
  readonly logRetention: RetentionDays;
  /** Of its logs. */
  readonly removalPolicy: RemovalPolicy;
  /**
   * Of its logs.
   *
   * @default - the key of CloudWatch Logs
   */
  readonly encryptionKey: IKey | undefined;
  /**
   * @default - not traced
   */
  readonly tracing: Tracing | undefined;
}

export interface BuiltFunctionProps extends FunctionOptions {
  /** Which of the built functions. */
  readonly name: "watchdog" | "notifier" | "courier";
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  /** In MB. */
  readonly memorySize: number;
  readonly timeout: Duration;
  /**
   * How often an event that failed is tried again.
   *
   * @default - never: the next tick is the retry
   */
  readonly retryAttempts?: number;
  /**
   * How long an event may wait before it is dropped.
   *
   * @default Duration.seconds(60)
   */
  readonly maxEventAge?: Duration;
  /**
   * Where an event goes that failed at every try.
   *
   * @default - it is dropped
   */
  readonly onFailure?: IDestination;
}

/** Of the package that this code belongs to, wherever it lies in it: as sources, or bundled. */
const BUILT = join(
  dirname(createRequire(import.meta.url).resolve("apify-run-watchdog/package.json")),
  "dist/functions",
);

/** A function as `npm run build` leaves it, with a log group and a role that may do nothing but write there. */
export class BuiltFunction extends Construct implements IGrantable {
  readonly function: LambdaFunction;
  readonly logGroup: ILogGroup;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: BuiltFunctionProps) {
    super(scope, id);
    const { name, logRetention, removalPolicy, encryptionKey, tracing, ...rest } = props;
    const folder = join(BUILT, name);
    if (!existsSync(`${folder}/index.mjs`)) {
      throw new Error(
        `${folder}/index.mjs is not there: install apify-run-watchdog again or, in a checkout, build it with "npm run build"`,
      );
    }

    const logGroup = new LogGroup(this, "Logs", {
      retention: logRetention,
      removalPolicy,
      ...(encryptionKey && { encryptionKey }),
    });
    this.logGroup = logGroup;
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    logGroup.grantWrite(role);
    this.grantPrincipal = role;

    if (tracing !== undefined && tracing !== Tracing.DISABLED) {
      Validations.of(role).acknowledge({
        id: "AwsSolutions::AwsSolutions-IAM5[Resource::*]",
        reason: "AWS X-Ray has no resources to name: traces are put to all of it, or not at all.",
      });
    }
    this.function = new LambdaFunction(this, "Function", {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(folder),
      handler: "index.handler",
      role,
      logGroup,
      ...(tracing !== undefined && { tracing }),
      retryAttempts: 0,
      maxEventAge: Duration.seconds(60),
      ...rest,
    });
  }
}
