import type { AlarmFacts, Deployment } from "../../model/deployed/deployment.ts";
import { minuteOf } from "../../model/minute.ts";
import { isNobody, type NotifiedPlaces, notifyFix, recipientsOf, recipientsText } from "../recipients.ts";
import { type Check, failed, judged, passed } from "./check.ts";

export type RingingPlaces = NotifiedPlaces & { readonly notifierName?: string | undefined };

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
      `their actions are switched off, so no one hears them: ${silenced.join(", ")}`,
      `aws cloudwatch enable-alarm-actions --alarm-names ${silenced.join(" ")}`,
    );
  // One of them may speak for the others.
  if (alarms.length > 0 && !alarms.some(({ hasActions }) => hasActions))
    return failed(
      id,
      "they notify no one when the watchdog can't guard",
      "deploy again with -c stopEmail=you@example.com, or stopTopic or alarmActions: alarms go through no other channel (docs/notifications.md#alarms)",
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

async function checkRecipients(deployment: Deployment, places: RingingPlaces): Promise<Check> {
  return judged("recipients", await recipientsOf(deployment, places), (recipients) => {
    const text = recipientsText(recipients, places);
    return isNobody(recipients)
      ? failed("recipients", `no one is notified: ${text}`, notifyFix(recipients))
      : passed("recipients", text);
  });
}

const AGAIN = "enable it in AWS Lambda, or deploy the stack again";

/** Does what feeds a function do so? `what`: from where. */
async function checkReader(deployment: Deployment, id: string, name: string, what: string): Promise<Check> {
  return judged(id, await deployment.readers(name), (readers) => {
    const idle = readers.find(({ state }) => state !== "Enabled");
    if (readers.length === 0) return failed(id, `nothing feeds ${name} from ${what}`, AGAIN);
    if (idle) return failed(id, `what feeds ${name} from ${what} is ${idle.state}`, AGAIN);
    const problem = readers.find(({ lastResult }) => lastResult?.startsWith("PROBLEM"));
    return problem
      ? failed(
          id,
          `what feeds ${name} from ${what} reports ${problem.lastResult}`,
          "docs/runbook.md#undelivered",
        )
      : passed(id, `${name} reads ${what}`);
  });
}

/** Is there somebody who is notified, and does what happens get there? */
export async function* checkNotifying(deployment: Deployment, places: RingingPlaces): AsyncGenerator<Check> {
  const { notifierName, courierName } = places;
  yield await checkRecipients(deployment, places);
  if (notifierName) yield await checkReader(deployment, "notifier", notifierName, "the audit's stream");
  if (courierName) yield await checkReader(deployment, "courier", courierName, "the queues of the channels");
}
