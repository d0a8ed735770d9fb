import type { AlarmFacts, Deployment } from "../../model/deployed/deployment.ts";
import { minuteOf } from "../../model/minute.ts";
import { type Check, failed, judged, passed } from "./check.ts";

export type RingingPlaces = {
  readonly notifierName?: string | undefined;
  readonly stopTopic?: string | undefined;
};

const NOT_NOTIFIED = "deploy again with -c stopEmail=you@example.com, or with another channel";

const ringing = ({ name, since }: AlarmFacts): string =>
  `${name}${since ? ` since ${minuteOf(since)} UTC` : ""}`;

function checkAlarms(alarms: readonly AlarmFacts[]): Check {
  const id = "alarms";
  const inAlarm = alarms.filter(({ state }) => state === "ALARM");
  if (inAlarm.length > 0)
    return failed(
      id,
      `in ALARM: ${inAlarm.map(ringing).join(", ")}`,
      `docs/runbook.md has a section on each. ${inAlarm[0]?.description ?? ""}`.trim(),
    );
  const silenced = alarms.filter(({ isSilenced }) => isSilenced).map(({ name }) => name);
  if (silenced.length > 0)
    return failed(
      id,
      `their actions are switched off, so nobody hears them: ${silenced.join(", ")}`,
      `aws cloudwatch enable-alarm-actions --alarm-names ${silenced.join(" ")}`,
    );
  if (alarms.length === 0)
    return failed(
      id,
      "the stack has no alarm: nothing rings when the watchdog can't guard",
      "deploy again without -c withoutAlarms",
    );
  return passed(id, `${alarms.length} alarms, none of them ringing`);
}

/** Does anything ring, and is there somebody who hears it and is told of stops? */
export async function* checkRinging(deployment: Deployment, places: RingingPlaces): AsyncGenerator<Check> {
  yield judged("alarms", await deployment.alarms(), checkAlarms);
  yield* checkNotifying(deployment, places);
}

/** Is there somebody who is notified, and does the audit's stream get there? */
export async function* checkNotifying(
  deployment: Deployment,
  { notifierName, stopTopic }: RingingPlaces,
): AsyncGenerator<Check> {
  if (stopTopic === undefined)
    yield failed("recipients", "no one is notified: no recipient is deployed", NOT_NOTIFIED);
  else
    yield judged("recipients", await deployment.subscribers(stopTopic), ({ confirmed, pending }) => {
      const more = pending > 0 ? `; ${pending} not confirmed yet` : "";
      if (confirmed > 0) return passed("recipients", `${confirmed} confirmed${more}`);
      return failed(
        "recipients",
        `no one is notified: the topic has no confirmed subscription${more}`,
        pending > 0 ? "confirm by the link in AWS's mail; look into the spam folder" : NOT_NOTIFIED,
      );
    });
  if (notifierName === undefined) return;
  yield judged("notifier", await deployment.readers(notifierName), (readers) => {
    const idle = readers.find(({ state }) => state !== "Enabled");
    const fix = "enable it in AWS Lambda, or deploy the stack again";
    if (readers.length === 0)
      return failed("notifier", `nothing feeds ${notifierName} from the audit's stream`, fix);
    if (idle)
      return failed("notifier", `what feeds ${notifierName} from the audit's stream is ${idle.state}`, fix);
    const problem = readers.find(({ lastResult }) => lastResult?.startsWith("PROBLEM"));
    if (problem)
      return failed(
        "notifier",
        `what feeds ${notifierName} reports ${problem.lastResult}`,
        "docs/runbook.md#undelivered",
      );
    return passed("notifier", `${notifierName} reads the audit's stream`);
  });
}
