import { formatDuration, type Loop, loopsOf, type Policy, sourceKey, toUsd } from "../../../policy/index.ts";
import type { Control } from "../../model/control.ts";
import { readNames } from "../../observe/names.ts";
import type { Context } from "../context.ts";
import type { Phases } from "../phases.ts";
import type { Reason } from "./amiss.ts";

const WORDS = { schedule: "schedule", task: "task", actor: "Actor" } as const;

/** Names by `sourceKey`. */
async function namesOf(context: Context, loops: readonly Loop[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const kind of ["actor", "task", "schedule"] as const) {
    const ids = loops.flatMap(({ source }) => (source.kind === kind ? [source.id] : []));
    if (ids.length === 0) continue;
    for (const [id, { name }] of await readNames(context, kind, ids, context.signal))
      if (name !== undefined)
        names.set(sourceKey({ kind, id }), kind === "schedule" ? `schedule ${name}` : name);
  }
  return names;
}

/** How often its runs were stopped, what that costs, and what there is to do: after `runs of …` or `its runs`. */
export function loopWords({ stops, firstAt, lastAt, microUsdPerHour }: Loop): string {
  const took = formatDuration(Math.max(1, Math.round((lastAt.getTime() - firstAt.getTime()) / 1000)));
  const cost =
    microUsdPerHour === undefined
      ? "at a cost that is not known"
      : `which costs ${toUsd(Math.round(microUsdPerHour)).toFixed(2)} USD an hour`;
  return (
    `were stopped ${stops} times in ${took} and came back each time, ${cost}; ` +
    "the limit may be wrong, or what starts them has to be switched off"
  );
}

/** A loop, with why it calls for a person. */
export type ReasonedLoop = { readonly loop: Loop; readonly reason: Reason };

/** What starts again what is stopped, as long as it does; by its name where that can be read. */
export async function ofLoops(
  context: Context,
  phases: Phases,
  { guards }: Policy,
  { recentIntents }: Control,
): Promise<readonly ReasonedLoop[]> {
  const loops = loopsOf(recentIntents, guards.loop, context.ports.clock.now());
  if (loops.length === 0) return [];
  const named = await phases.run("reading the names of loops", () => namesOf(context, loops));
  return loops.map((loop) => {
    const { source } = loop;
    const key = sourceKey(source);
    const what = named?.value.get(key) ?? `${WORDS[source.kind]} ${source.id}`;
    return { loop, reason: { id: `loop:${key}`, text: `runs of ${what} ${loopWords(loop)}`, afterTicks: 1 } };
  });
}
