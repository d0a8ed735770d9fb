import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { DEFAULT_ACCOUNT } from "../functions/contract.ts";
import { RunWatchdog } from "./run-watchdog.ts";
import type { RunWatchdogProps } from "./run-watchdog-props.ts";
import { propsFromContext } from "./settings.ts";

/** What each threshold allows, in words. */
function thresholdsIn({ maxUsdPerRun, maxRunTime, maxUsdPerDay, maxUsdPerMonth }: RunWatchdogProps) {
  const ofRun = [
    ...(maxUsdPerRun === undefined ? [] : [`${maxUsdPerRun} USD`]),
    ...(maxRunTime === undefined ? [] : [maxRunTime.toHumanString()]),
  ];
  return [
    ...(ofRun.length === 0 ? [] : [`${ofRun.join(" and ")} a run`]),
    ...(maxUsdPerDay === undefined ? [] : [`${maxUsdPerDay} USD a day`]),
    ...(maxUsdPerMonth === undefined ? [] : [`${maxUsdPerMonth} USD a month`]),
  ];
}

/** One watchdog with the settings of the context. Its outputs are what the command line reads, and what to do next. */
export class WatchdogStack extends Stack {
  readonly watchdog: RunWatchdog;

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, { description: "Stops Apify Actor runs before they overspend or overstay.", ...props });
    const settings = propsFromContext(this);
    this.watchdog = new RunWatchdog(this, "Watchdog", settings);

    const {
      stateTable,
      auditTable,
      checkpointLog,
      function: watchdog,
      apifyTokenSecret,
      stopTopic,
      untoldStops,
      courier,
    } = this.watchdog;
    this.#output("StateTable", stateTable.tableName);
    this.#output("AuditTable", auditTable.tableName);
    this.#output("CheckpointLog", checkpointLog.logGroupName);
    this.#output("Account", settings.account ?? DEFAULT_ACCOUNT);
    this.#output("FunctionName", watchdog.functionName);
    if (apifyTokenSecret) this.#output("SecretArn", apifyTokenSecret.secretArn);
    if (settings.apifyTokenParameter)
      this.#output("TokenParameter", settings.apifyTokenParameter.parameterName);
    if (settings.apifyApiUrl) this.#output("ApifyApiUrl", settings.apifyApiUrl);
    if (stopTopic) this.#output("StopTopic", stopTopic.topicArn);
    if (untoldStops) this.#output("UntoldStops", untoldStops.queueUrl);
    if (courier) this.#output("CourierName", courier.functionName);
    this.#output("Policy", this.#policyStep(settings));
    this.#output("NextStep", this.#nextStep(settings));
  }

  #output(id: string, value: string): void {
    new CfnOutput(this, id, { value });
  }

  #policyStep(props: RunWatchdogProps): string {
    const thresholds = thresholdsIn(props);
    if (thresholds.length === 0) {
      return `none came with this deployment; without one nothing is stopped: npm run watchdog -- policy push policy.yaml --stack ${this.stackName}`;
    }
    const limits = `at most ${thresholds.join(", ")}`;
    if (props.mode === "enforce")
      return `${limits}: runs over it are stopped, unless a policy was pushed by hand, which wins`;
    const mode =
      props.mode === "observe" ? "observed" : "in the mode of the policy in force; at first observed";
    return `${limits}, ${mode}: nothing is stopped before you deploy with -c mode=enforce. What it would have stopped by then: npm run watchdog -- policy observed --stack ${this.stackName}`;
  }

  /** Where a secret was made nobody here knows whether the token is in it yet; else a first look. */
  #nextStep({ apifyTokenSecret, apifyTokenParameter }: RunWatchdogProps): string {
    const { apifyTokenSecret: created, function: watchdog } = this.watchdog;
    return created && !apifyTokenSecret && !apifyTokenParameter
      ? `unless the Apify token is in already, put it in, without showing it: read -rs TOKEN && aws secretsmanager put-secret-value --region ${this.region} --secret-id ${created.secretArn} --secret-string "$TOKEN"`
      : `look once: aws lambda invoke --region ${this.region} --function-name ${watchdog.functionName} /dev/stdout`;
  }
}
