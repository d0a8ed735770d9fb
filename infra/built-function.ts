import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Duration, type RemovalPolicy } from "aws-cdk-lib";
import { type IGrantable, type IPrincipal, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

interface BuiltFunctionProps {
  /** Which of the built functions. */
  readonly name: "watchdog" | "notifier";
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  /** In MB. */
  readonly memorySize: number;
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
  /** Of its logs. */
  readonly removalPolicy: RemovalPolicy;
}

const BUILT = fileURLToPath(new URL("../dist/functions/", import.meta.url));

/** A function as `npm run build` leaves it, with a log group and a role that may do nothing but write there. */
export class BuiltFunction extends Construct implements IGrantable {
  readonly function: LambdaFunction;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: BuiltFunctionProps) {
    super(scope, id);
    const { name, logRetention, removalPolicy, ...rest } = props;
    const folder = BUILT + name;
    if (!existsSync(`${folder}/index.mjs`)) {
      throw new Error(`${folder}/index.mjs is not there: build the functions first, with "npm run build"`);
    }

    const logGroup = new LogGroup(this, "Logs", { retention: logRetention, removalPolicy });
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    logGroup.grantWrite(role);
    this.grantPrincipal = role;

    this.function = new LambdaFunction(this, "Function", {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(folder),
      handler: "index.handler",
      role,
      logGroup,
      // The next tick is the retry, and an old event is worth nothing.
      retryAttempts: 0,
      maxEventAge: Duration.seconds(60),
      ...rest,
    });
  }
}
