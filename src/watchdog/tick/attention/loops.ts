import {
  formatDuration,
  LOOP_GUARD,
  type Loop,
  loopsOf,
  type Policy,
  sourceKey,
  toUsd,
} from "../../../policy/index.ts";
import type { Control } from "../../model/control.ts";
import { holdOfSchedule } from "../../model/holds/sources.ts";
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

/** How often its runs were stopped, what that costs, and what there is to do. */
function loopWords({ stops, firstAt, lastAt, microUsdPerHour }: Loop, remedy: string): string {
  const took = formatDuration(Math.max(1, Math.round((lastAt.getTime() - firstAt.getTime()) / 1000)));
  const cost =
    microUsdPerHour === undefined
      ? "at a cost that is not known"
      : `which costs ${toUsd(Math.round(microUsdPerHour)).toFixed(2)} USD an hour`;
  return (
    `were stopped ${stops} times in ${took} and came back each time, ${cost}; ` +
    `the limit may be wrong, ${remedy}`
  );
}

/** A loop in words, after `runs of …` or `its runs`; and why it calls for a person. Without a reason: it is held. */
export type ReasonedLoop = { readonly loop: Loop; readonly words: string; readonly reason?: Reason };

/** What is to be done about a loop, and what is missing to have it held where the policy asks for that. */
function remedyOf({ source }: Loop, { guards, mode }: Policy, { allowHolds, isHeld }: Holds): string {
  if (isHeld) return "and the schedule is held meanwhile";
  const remedy = "or what starts them has to be switched off";
  if (guards.loop.do !== "hold") return remedy;
  if (source.kind !== "schedule")
    return `${remedy}: ${LOOP_GUARD} can't hold it, for no schedule starts them`;
  if (mode === "observe") return `${remedy}: ${LOOP_GUARD} holds nothing in mode observe`;
  return allowHolds ? remedy : `${remedy}: this deployment does not allow holds`;
}

type Holds = { readonly allowHolds: boolean; readonly isHeld: boolean };

/** What starts again what is stopped, as long as it does; by its name where that can be read. */
export async function ofLoops(
  context: Context,
  phases: Phases,
  policy: Policy,
  control: Control,
): Promise<readonly ReasonedLoop[]> {
  const { clock, state } = context.ports;
  const { loop: guard } = policy.guards;
  const loops = loopsOf(control.recentIntents, guard, clock.now());
  if (loops.length === 0) return [];
  // What this tick has held, too.
  const read = guard.do === "hold" && (await phases.run("reading what is held", () => state.readControl()));
  const now = read ? read.value : control;
  const named = await phases.run("reading the names of loops", () => namesOf(context, loops));
  return loops.map((loop) => {
    const { source } = loop;
    const key = sourceKey(source);
    const what = named?.value.get(key) ?? `${WORDS[source.kind]} ${source.id}`;
    const isHeld = source.kind === "schedule" && holdOfSchedule(now, source.id) !== undefined;
    const words = loopWords(loop, remedyOf(loop, policy, { allowHolds: context.allowHolds, isHeld }));
    const reason = { id: `loop:${key}`, text: `runs of ${what} ${words}`, afterTicks: 1 };
    return { loop, words, ...(!isHeld && { reason }) };
  });
}
