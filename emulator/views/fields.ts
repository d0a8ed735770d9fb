import { holdsAt } from "../ground/during.ts";
import type { Run } from "../runs/run.ts";
import type { Sight } from "../runs/sight.ts";

/** An answer's data as JSON has it. */
export type Fields = Readonly<Record<string, unknown>>;

/** What the answer says of a run, with the changes that the run's script makes to such answers. */
export function changedFields(data: Fields, { character, zeroMs }: Run, sight: Sight): Fields {
  let changed = data;
  for (const change of character.fields) {
    if ((change.in ?? sight.in) !== sight.in || !holdsAt(change, sight.atMs - zeroMs)) continue;
    for (const [path, value] of Object.entries(change.set ?? {})) changed = at(changed, path, () => value);
    for (const path of change.omit ?? []) changed = at(changed, path, () => undefined);
    for (const [path, keys] of Object.entries(change.keep ?? {}))
      changed = at(changed, path, (value) => kept(value, keys));
  }
  return changed;
}

/** A copy with another value at the path; JSON leaves undefined out. Objects on the way are made where there are none. */
function at(fields: Fields, path: string, change: (value: unknown) => unknown): Fields {
  const [key = "", ...rest] = path.split(".");
  const before = fields[key];
  const value =
    rest.length === 0 ? change(before) : at(isFields(before) ? before : {}, rest.join("."), change);
  return { ...fields, [key]: value };
}

const kept = (value: unknown, keys: readonly string[]): unknown =>
  isFields(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key))) : value;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
