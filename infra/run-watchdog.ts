import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IAlarm, Metric, MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable, type IPrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { type ILogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { type ISchedule, ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { IStringParameter } from "aws-cdk-lib/aws-ssm";
import { Construct } from "constructs";
import { DEFAULT_ACCOUNT, DEFAULT_MAX_WAIT_SECS } from "../functions/contract.ts";
import { createAlarms } from "./alarms/watchdog-alarms.ts";
import { createTokenSecret, grantSecretRead } from "./apify-token.ts";
import { BuiltFunction } from "./built-function.ts";
import { letServicesUse } from "./encryption.ts";
import { FunctionSchedule } from "./function-schedule.ts";
import { createCheckpointLog, grantCheckpointRead, grantCheckpointWrite } from "./kept/checkpoint-log.ts";
import { createAuditTable, createStateTable, denyChanges } from "./kept/tables.ts";
import { attentionMetric, completeMetric, tamperingMetric } from "./metrics.ts";
import { Notices } from "./notices/notices.ts";
import { stopTopicOf } from "./notices/stop-topic.ts";
import { createPointerOutput } from "./pointer-output.ts";
import { checkAdopted } from "./props/check-adopted.ts";
import { checkProps } from "./props/check-props.ts";
import { warnUntold } from "./props/warn-untold.ts";
import { placesOf, watchdogVariables } from "./props/watchdog-variables.ts";
import type { RunWatchdogProps } from "./run-watchdog-props.ts";
import { grantVerify, grantWork } from "./table-grants.ts";

/** Guards one Apify account: looks at its runs on schedule, stops those that breach the policy, and keeps the audit. */
export class RunWatchdog extends Construct implements IGrantable {
  /** What is invoked on schedule; any event makes it look. */
  readonly function: IFunction;
  /** Of the watchdog function. */
  readonly logGroup: ILogGroup;
  readonly grantPrincipal: IPrincipal;
  /** What invokes the function. */
  readonly schedule: ISchedule;
  readonly stateTable: ITable;
  readonly auditTable: ITable;
  /** Where the audit's daily checkpoints are. */
  readonly checkpointLog: ILogGroup;
  /** Where the token is, unless it is in a parameter. */
  readonly apifyTokenSecret?: ISecret;
  /** Where the token is, unless it is in a secret. */
  readonly apifyTokenParameter?: IStringParameter;
  /** Where mail comes from, if anybody gets any. */
  readonly stopTopic?: ITopic;
  /** What reads the audit's stream, where that is known: it announces, and watches over the audit. */
  readonly notifier?: IFunction;
  /** What sends notices, if there is anywhere to send them. */
  readonly courier?: IFunction;
  /** The dead letters of the notifier: what could not be announced at all. */
  readonly untoldStops?: IQueue;
  /** The dead letters of the channels, a queue each: what was tried long enough. */
  readonly undeliveredNotices: readonly IQueue[];
  /** In alarm while the watchdog needs a person, unless it was left out. */
  readonly attentionAlarm?: IAlarm;
  /** All there are, for a composite alarm or a dashboard. */
  readonly alarms: readonly IAlarm[];
  readonly #account: string;

  constructor(scope: Construct, id: string, props: RunWatchdogProps = {}) {
    super(scope, id);
    checkProps(props);
    checkAdopted(this, props);
    warnUntold(this, props);
    const {
      account = DEFAULT_ACCOUNT,
      removalPolicy = RemovalPolicy.RETAIN,
      logRetention = RetentionDays.THREE_MONTHS,
      schedule = ScheduleExpression.rate(Duration.minutes(1)),
      memorySize = 256,
      timeout = Duration.seconds(90),
      maxWait = Duration.seconds(DEFAULT_MAX_WAIT_SECS),
      encryptionKey,
      tracing,
    } = props;
    this.#account = account;
    if (encryptionKey) letServicesUse(encryptionKey, this);

    const keeping = { removalPolicy, encryptionKey };
    this.stateTable = props.stateTable ?? createStateTable(this, "State", keeping);
    this.auditTable = props.auditTable ?? createAuditTable(this, "Audit", keeping);
    denyChanges(this.auditTable, props.deployers);
    this.checkpointLog = props.checkpointLog ?? createCheckpointLog(this, "Checkpoints", keeping);
    const token =
      props.apifyTokenParameter ??
      props.apifyTokenSecret ??
      createTokenSecret(this, "ApifyToken", { account, ...keeping });
    if ("secretArn" in token) this.apifyTokenSecret = token;
    else this.apifyTokenParameter = token;

    const places = placesOf(account, this, token, props);
    const ofFunctions = { logRetention, removalPolicy, encryptionKey, tracing };
    const watchdog = new BuiltFunction(this, "Watchdog", {
      name: "watchdog",
      description: `Stops Apify runs of account "${account}" that breach the policy`,
      environment: watchdogVariables(places, props, maxWait.toSeconds()),
      memorySize,
      timeout,
      ...ofFunctions,
    });
    this.function = watchdog.function;
    this.logGroup = watchdog.logGroup;
    this.grantPrincipal = watchdog.grantPrincipal;
    this.grantReadToken(watchdog);
    grantWork(this, watchdog);
    grantCheckpointWrite(this.checkpointLog, watchdog);

    this.schedule = new FunctionSchedule(this, "Ticks", {
      schedule,
      function: watchdog.function,
      description: `Looks at the Apify runs of account "${account}"`,
    }).schedule;

    const topic = stopTopicOf(this, "StopTopic", { ...props, account, encryptionKey });
    if (topic) this.stopTopic = topic;
    const { stateTable, auditTable } = this;
    const announcing = { account, stateTable, auditTable, notices: props, topic, ofFunctions };
    const { notifier, courier, untold, givenUp, noticing } = new Notices(this, "Stops", announcing);
    if (notifier) this.notifier = notifier;
    if (courier) this.courier = courier;
    if (untold) this.untoldStops = untold;
    this.undeliveredNotices = givenUp;
    const alarms = createAlarms(this, { ...props, account, schedule, watchdog, topic, notices: noticing });
    this.alarms = [...alarms.values()];
    const attention = alarms.get("attention");
    if (attention) this.attentionAlarm = attention;
    createPointerOutput(this, {
      ...places,
      functionName: this.function.functionName,
      ...(notifier && { notifierName: notifier.functionName }),
      ...(courier && { courierName: courier.functionName }),
      ...(topic && { stopTopic: topic.topicArn }),
    });
  }

  /** How many ticks needed a person. A tick that needs nobody emits nothing. Sum over 5 minutes, unless `options` say otherwise. */
  metricNeedsAttention(options?: MetricOptions): Metric {
    return attentionMetric({ account: this.#account, function: this.function }, options);
  }

  /** How many ticks were complete. Sum over 5 minutes, unless `options` say otherwise. */
  metricCompleteTicks(options?: MetricOptions): Metric {
    return completeMetric({ account: this.#account, function: this.function }, options);
  }

  /** How many entries of the audit were changed or removed; `undefined` where its stream is not known. Sum over 5 minutes, unless `options` say otherwise. */
  metricTampering(options?: MetricOptions): Metric | undefined {
    return this.notifier && tamperingMetric({ account: this.#account, function: this.notifier }, options);
  }

  /** How many ticks began. Sum over 5 minutes, unless `options` say otherwise. */
  metricTicks(options?: MetricOptions): Metric {
    return this.function.metricInvocations(options);
  }

  /** How many ticks failed. Sum over 5 minutes, unless `options` say otherwise. */
  metricFailedTicks(options?: MetricOptions): Metric {
    return this.function.metricErrors(options);
  }

  /** How long ticks took, in milliseconds. The average over 5 minutes, unless `options` say otherwise. */
  metricTickDuration(options?: MetricOptions): Metric {
    return this.function.metricDuration(options);
  }

  /** How many stops and notices wait as dead letters of the notifier; `undefined` where the audit's stream is not known. The most in 5 minutes, unless `options` say otherwise. */
  metricUntoldStops(options?: MetricOptions): Metric | undefined {
    return this.untoldStops?.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", ...options });
  }

  /** Everything that the command line does with the tables: push a policy, pause, exempt, stop by hand, undo, read, verify. */
  grantOperate(grantee: IGrantable): Grant {
    return this.grantReadAudit(grantee).combine(grantWork(this, grantee));
  }

  /** Reading and verifying the audit, which is compared with the heads of its chains in the state table and with its checkpoints. */
  grantReadAudit(grantee: IGrantable): Grant {
    return grantVerify(this, grantee).combine(grantCheckpointRead(this.checkpointLog, grantee));
  }

  /** Reading the Apify token, which stopping a run by hand, `undo` and a look at what runs now take besides. */
  grantReadToken(grantee: IGrantable): Grant {
    return grantSecretRead(this.apifyTokenParameter ?? (this.apifyTokenSecret as ISecret), grantee);
  }

  /** Trying the channels of notices and sending again what they gave up, by invoking the courier. */
  grantNotify(grantee: IGrantable): Grant {
    return this.courier?.grantInvoke(grantee) ?? Grant.drop(grantee, "there is no channel");
  }

  /** Looking at once, by invoking the function. */
  grantInvoke(grantee: IGrantable): Grant {
    return this.function.grantInvoke(grantee);
  }
}
