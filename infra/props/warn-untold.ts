import { Annotations } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { RunWatchdogProps } from "../run-watchdog-props.ts";

/** Warns at synth where nobody is told of stops and of what is amiss. No error: a first look does without. */
export function warnUntold(
  scope: Construct,
  { stopEmail, stopTopic, alarmActions = [] }: RunWatchdogProps,
): void {
  if (stopEmail !== undefined || stopTopic !== undefined || alarmActions.length > 0) return;
  Annotations.of(scope).addWarningV2(
    "apify-run-watchdog:no-recipient",
    "No one is notified of stops, or when this watchdog can't guard: give it stopEmail, stopTopic or alarmActions.",
  );
}
