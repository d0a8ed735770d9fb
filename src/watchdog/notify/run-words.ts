import { against, guardWords } from "../audit/describe.ts";
import { judgedWords } from "../audit/describe-judged.ts";
import { ORDER } from "../model/by-hand.ts";
import type { Entry } from "../model/entry.ts";
import type { Fact } from "../model/notice.ts";
import type { NameOf } from "./known-names.ts";
import { consoleRunUrl, shellWord } from "./place.ts";
import { type Command, commandOf, fact, utc, type Words } from "./words.ts";

/** `acme/shop (hG7…)`: the name that people know it by, and the id that Apify does. */
const named = (name: string | undefined, id: string): string => (name === undefined ? id : `${name} (${id})`);

function actorText({ actorId, actorTaskId }: Entry, nameOf: NameOf): string | undefined {
  if (actorId === undefined) return undefined;
  const task = actorTaskId === undefined ? "" : `, task ${named(nameOf("task", actorTaskId), actorTaskId)}`;
  return named(nameOf("actor", actorId), actorId) + task;
}

/** Why: an order by hand, or the rule and what it measured. */
function why(entry: Entry): readonly Fact[] {
  const { evidence, by, reason, ruleId, policyVersion, kind } = entry;
  if (evidence?.metric === ORDER) return fact("Ordered", `by ${by}${reason ? `: ${reason}` : ""}`);
  return [
    ...fact("Rule", ruleId === undefined ? undefined : `${ruleId}, of policy version ${policyVersion}`),
    ...fact("Measured", evidence && `${against(evidence)}, read ${utc(evidence.observedAt)}`),
    ...fact("Undone", kind === "run.undone" ? `by ${by}: ${reason}` : undefined),
    ...fact("Judged", kind === "stop.judged" ? judgedWords(entry) : undefined),
  ];
}

/** What overrules it; where nothing does, what takes an undo back, or shows all that is written of the run. */
function commandFor({ kind, overrule }: Entry, runId: string): Command {
  if (overrule !== undefined) return commandOf(overrule);
  return commandOf(
    kind === "run.undone"
      ? `watchdog exempt end --run ${shellWord(runId)} --reason "…"`
      : `watchdog audit show ${shellWord(runId)}`,
  );
}

/** Of a run: which one, whose, why, and what comes next. */
export function runWords(entry: Entry, nameOf: NameOf): Words {
  const { runId = "", actorId, ruleId, guard, owner, next } = entry;
  const whose = actorId === undefined ? "" : `${nameOf("actor", actorId) ?? `Actor ${actorId}`}, `;
  return {
    about: `${whose}run ${runId}${ruleId ? ` (${ruleId})` : ""}`,
    facts: [
      { name: "Run", value: runId, url: consoleRunUrl(runId) },
      ...fact("Actor", actorText(entry, nameOf)),
      ...why(entry),
      ...fact("Held", guard === undefined ? undefined : guardWords(guard)),
      ...fact("Owner", owner),
      ...fact("Next", next),
    ],
    command: commandFor(entry, runId),
  };
}
