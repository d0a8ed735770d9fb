import { Annotations } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { RunWatchdogProps } from "../run-watchdog-props.ts";

/**
 * Warns at synth where nobody is notified of stops and of what is amiss: alarms notify no channel but the topic. No error: a
 * first look does without.
 */
export function warnUntold(scope: Construct, props: RunWatchdogProps): void {
  const { stopEmail, stopTopic, alarmActions = [] } = props;
  if (stopEmail !== undefined || stopTopic !== undefined || alarmActions.length > 0) return;
  const { eventBus, slackSecret, slackParameter, webhookSecret, webhookParameter } = props;
  const hasChannel = eventBus ?? slackSecret ?? slackParameter ?? webhookSecret ?? webhookParameter;
  Annotations.of(scope).addWarningV2(
    "apify-run-watchdog:no-recipient",
    `No one is notified ${hasChannel ? "" : "of stops, or "}when this watchdog can't guard: give it stopEmail, stopTopic or alarmActions.`,
  );
}
