import { toUsd } from "../../../policy/index.ts";
import type { Control } from "../../model/control.ts";
import type { Entry } from "../../model/entry.ts";
import { subjectWords, type ValidExemption } from "../../model/exemption.ts";
import { replay, type Told, type ToldGrant } from "../replay.ts";

/** Why the control state is not what its chain says: who edits the table past the audit can't write the entry to it. */

const shown = (value: unknown): string => (value === undefined ? "none" : String(value));

/** What differs between two tellings of the same, by name: `until 2026-… instead of 2026-…`. */
const differences = (
  stands: Readonly<Record<string, unknown>>,
  told: Readonly<Record<string, unknown>>,
): string =>
  Object.keys(stands)
    .filter((name) => stands[name] !== told[name])
    .map((name) => `${name} ${shown(stands[name])} instead of ${shown(told[name])}`)
    .join(", ");

function* pointer({ policyVersion: stands }: Control, { policyVersion: told }: Told): Generator<string> {
  if (stands === told) return;
  yield `it points to policy version ${shown(stands)}, but the last one pushed is ${shown(told)}`;
}

function* pause({ pause: stands }: Control, { pause: told }: Told): Generator<string> {
  if (stands && !told) yield `it holds a pause by ${stands.by} that no entry explains: ${stands.reason}`;
  if (told && !stands) yield `the pause by ${told.by} was taken off without an entry`;
  if (!stands || !told) return;
  const { by, reason, until } = stands;
  const differs = differences({ by, reason, until: until?.toISOString() }, told);
  if (differs) yield `its pause is not the one in the entry: ${differs}`;
}

const asTold = ({ name, until, owner, reason, ceilingMicroUsd, undoOf }: ValidExemption) => ({
  name,
  until: until.toISOString(),
  owner,
  reason,
  ceilingUsd: ceilingMicroUsd === undefined ? undefined : toUsd(ceilingMicroUsd),
  undoOf,
});

function* exemptions({ exemptions: stand }: Control, { grants }: Told): Generator<string> {
  const missing = new Map<string, ToldGrant>(grants);
  for (const each of stand) {
    const key = subjectWords(each.subject);
    const grant = grants.get(key);
    missing.delete(key);
    if (each.kind === "malformed") yield `the exemption of ${key} can't be read: ${each.problem}`;
    else if (!grant) yield `${key} is exempt without a grant: ${each.owner}: ${each.reason}`;
    else {
      const differs = differences(asTold(each), grant);
      if (differs) yield `the exemption of ${key} is not as it was granted: ${differs}`;
    }
  }
  for (const key of missing.keys()) yield `the exemption of ${key} was granted and not ended, and is gone`;
}

function* holds({ holds: stand = [] }: Control, { holds: told }: Told): Generator<string> {
  const missing = new Map(told.map((entry) => [entry.entryId, entry]));
  for (const { holdId, scheduleId } of stand) {
    if (!missing.delete(holdId))
      yield `it holds schedule ${scheduleId} without an entry, or although the audit has let it go`;
  }
  for (const { entryId, change = {} } of missing.values())
    yield `the hold ${entryId} of schedule ${shown(change.scheduleId)} has no closing entry, and is gone: was the state table restored?`;
}

/**
 * Compares the control state with the entries that it was written with: pointer, pause, exemptions and holds. An entry behind the
 * head that the state names was written after it was read.
 */
export function* compareControl(control: Control, entries: readonly Entry[]): Generator<string> {
  const { head } = control;
  const told = replay(head ? entries.filter(({ sequence }) => sequence <= head.sequence) : entries);
  yield* pointer(control, told);
  yield* pause(control, told);
  yield* exemptions(control, told);
  yield* holds(control, told);
}
