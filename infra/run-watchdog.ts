import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { Grant, IGrantable, IPrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { DEFAULT_ACCOUNT, DEFAULT_MAX_WAIT_SECS, WATCHDOG_ENV } from "../functions/contract.ts";
import { AttentionAlarm } from "./alarms.ts";
import { createTokenSecret } from "./apify-token.ts";
import { BuiltFunction } from "./built-function.ts";
import { checkProps } from "./check-props.ts";
import { policyVariable } from "./policy-variable.ts";
import type { RunWatchdogProps } from "./run-watchdog-props.ts";
import { StopNotifier } from "./stop-notifier.ts";
import { grantAuditAppend, grantAuditRead, grantStateRead, grantStateWrite } from "./table-grants.ts";
import { createAuditTable, createStateTable, denyChanges } from "./tables.ts";
import { TickSchedule } from "./tick-schedule.ts";

/** Guards one Apify account: looks at its runs on schedule, stops those that breach the policy, and keeps the audit. */
export class RunWatchdog extends Construct implements IGrantable {
  /** What is invoked on schedule; any event makes it look. */
  readonly function: IFunction;
  readonly grantPrincipal: IPrincipal;
  readonly stateTable: ITable;
  readonly auditTable: ITable;
  /** Where the token is, unless it is in a parameter. */
  readonly apifyTokenSecret?: ISecret;
  /** What is told of every stop and every notice, if anything is. */
  readonly stopTopic?: ITopic;
  /** Where it is put aside which of these could not be told, if anything is told. */
  readonly untoldStops?: IQueue;

  constructor(scope: Construct, id: string, props: RunWatchdogProps = {}) {
    super(scope, id);
    checkProps(props);
    const {
      account = DEFAULT_ACCOUNT,
      removalPolicy = RemovalPolicy.RETAIN,
      logRetention = RetentionDays.THREE_MONTHS,
      schedule = ScheduleExpression.rate(Duration.minutes(1)),
      memorySize = 256,
      timeout = Duration.seconds(90),
      maxWait = Duration.seconds(DEFAULT_MAX_WAIT_SECS),
    } = props;

    this.stateTable = props.stateTable ?? createStateTable(this, "State", removalPolicy);
    this.auditTable = props.auditTable ?? createAuditTable(this, "Audit", removalPolicy);
    denyChanges(this.auditTable);
    const token =
      props.apifyTokenParameter ?? props.apifyTokenSecret ?? createTokenSecret(this, "ApifyToken", account);
    if ("secretArn" in token) this.apifyTokenSecret = token;

    const policy = policyVariable(props);
    const watchdog = new BuiltFunction(this, "Watchdog", {
      name: "watchdog",
      description: `Stops Apify runs of account "${account}" that breach the policy`,
      environment: {
        [WATCHDOG_ENV.stateTable]: this.stateTable.tableName,
        [WATCHDOG_ENV.auditTable]: this.auditTable.tableName,
        [WATCHDOG_ENV.account]: account,
        ...("secretArn" in token
          ? { [WATCHDOG_ENV.apifyTokenSecret]: token.secretArn }
          : { [WATCHDOG_ENV.apifyTokenParameter]: token.parameterName }),
        ...(props.apifyApiUrl !== undefined && { [WATCHDOG_ENV.apifyApiUrl]: props.apifyApiUrl }),
        ...(props.abortEndpoint !== undefined && { [WATCHDOG_ENV.apifyAbortEndpoint]: props.abortEndpoint }),
        [WATCHDOG_ENV.maxWait]: String(maxWait.toSeconds()),
        ...(policy !== undefined && { [WATCHDOG_ENV.policy]: policy }),
      },
      memorySize,
      timeout,
      logRetention,
      removalPolicy,
    });
    this.function = watchdog.function;
    this.grantPrincipal = watchdog.grantPrincipal;
    token.grantRead(watchdog);
    // Where the key is not of this app, the secret leaves it to the key's own policy.
    this.apifyTokenSecret?.encryptionKey?.grantDecrypt(watchdog);
    this.grantOperate(watchdog);

    new TickSchedule(this, "Ticks", {
      schedule,
      function: watchdog.function,
      description: `Looks at the Apify runs of account "${account}"`,
    });

    const topic = props.stopTopic ?? this.#emailTopic(props.stopEmail, account);
    if (topic !== undefined) {
      this.stopTopic = topic;
      const stops = { account, auditTable: this.auditTable, topic, logRetention, removalPolicy };
      this.untoldStops = new StopNotifier(this, "Stops", stops).untold;
    }
    const { logGroupName } = watchdog.function.logGroup;
    new AttentionAlarm(this, "Attention", { account, logGroupName, ...(topic && { topic }) });
  }

  /** Everything that the command line does with the tables: push a policy, pause, exempt, stop by hand, undo, read, verify. */
  grantOperate(grantee: IGrantable): Grant {
    return this.grantReadAudit(grantee)
      .combine(grantStateWrite(this.stateTable, grantee))
      .combine(grantAuditAppend(this.auditTable, grantee));
  }

  /** Reading and verifying the audit, which is compared with the heads of its chains in the state table. */
  grantReadAudit(grantee: IGrantable): Grant {
    return grantStateRead(this.stateTable, grantee).combine(grantAuditRead(this.auditTable, grantee));
  }

  #emailTopic(email: string | undefined, account: string): ITopic | undefined {
    if (email === undefined) return undefined;
    const topic = new Topic(this, "StopTopic", {
      displayName: `Apify runs of ${account}`,
      enforceSSL: true,
    });
    topic.addSubscription(new EmailSubscription(email));
    return topic;
  }
}
