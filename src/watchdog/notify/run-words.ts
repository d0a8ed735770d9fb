import { against, guardWords } from "../audit/describe.ts";
import { ORDER } from "../model/by-hand.ts";
import type { Entry } from "../model/entry.ts";
import type { Fact } from "../model/notice.ts";
import type { NameOf } from "./known-names.ts";
import { consoleRunUrl, shellWord } from "./place.ts";
import { type Command, commandOf, utc, type Words } from "./words.ts";

/** `acme/shop (hG7…)`: the name that people know it by, and the id that Apify does. */
const named = (name: string | undefined, id: string): string => (name === undefined ? id : `${name} (${id})`);

function actorText({ actorId, actorTaskId }: Entry, nameOf: NameOf): string | undefined {
  if (actorId === undefined) return undefined;
  const task = actorTaskId === undefined ? "" : `, task ${named(nameOf("task", actorTaskId), actorTaskId)}`;
  return named(nameOf("actor", actorId), actorId) + task;
}

const RULE = ({ ruleId, policyVersion }: Entry): string => `${ruleId}, of policy version ${policyVersion}`;

/** Why: an order by hand, or the rule and what it measured. */
function why(entry: Entry): readonly (Fact | undefined)[] {
  const { evidence, by, reason, ruleId, kind } = entry;
  if (evidence?.metric === ORDER)
    return [{ name: "Ordered", value: `by ${by}${reason ? `: ${reason}` : ""}` }];
  return [
    ruleId === undefined ? undefined : { name: "Rule", value: RULE(entry) },
    evidence && { name: "Measured", value: `${against(evidence)}, read ${utc(evidence.observedAt)}` },
    kind === "run.undone" ? { name: "Undone", value: `by ${by}: ${reason}` } : undefined,
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
  const actor = actorText(entry, nameOf);
  const whose = actorId === undefined ? "" : `${nameOf("actor", actorId) ?? `Actor ${actorId}`}, `;
  const facts: readonly (Fact | undefined)[] = [
    { name: "Run", value: runId, url: consoleRunUrl(runId) },
    actor === undefined ? undefined : { name: "Actor", value: actor },
    ...why(entry),
    guard === undefined ? undefined : { name: "Held", value: guardWords(guard) },
    owner === undefined ? undefined : { name: "Owner", value: owner },
    next === undefined ? undefined : { name: "Next", value: next },
  ];
  return {
    about: `${whose}run ${runId}${ruleId ? ` (${ruleId})` : ""}`,
    facts: facts.filter((fact) => fact !== undefined),
    command: commandFor(entry, runId),
  };
}
