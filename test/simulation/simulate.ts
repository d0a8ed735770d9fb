import type { History, Violation } from "./oracle/history.ts";
import type { Plant } from "./process/ports.ts";
import { cutWorld, type Kept } from "./shrink/cut.ts";
import { Simulation } from "./simulation.ts";
import type { Storage } from "./storage/storage.ts";
import { Transcript } from "./transcript.ts";
import type { Plan } from "./world/plan.ts";

export type Outcome = {
  readonly plan: Plan;
  readonly violations: readonly Violation[];
  readonly history: Pick<History, "calls" | "entries" | "ticks" | "restores">;
  readonly refused: Storage["refused"];
  readonly left: Storage["left"];
  readonly digest: string;
  readonly tail: readonly string[];
};

/** Plays one seed from its first tick to its calm end, or to the first broken promise. */
export async function simulate(
  seed: number,
  options: {
    readonly plant?: Plant | undefined;
    readonly keepLines?: number;
    /** Another storage than the seed's own. */
    readonly storage?: Plan["storage"] | undefined;
    /** No more of the world than this. */
    readonly kept?: Kept | undefined;
    /** The seed's world with schedules that are held. */
    readonly isOfSources?: boolean | undefined;
    /** Another world made of it. */
    readonly change?: (plan: Plan) => Plan;
    /** Asked after each event; no: then all is left as it is, and nothing is judged any more. */
    readonly goesOn?: (history: Outcome["history"]) => boolean;
  } = {},
): Promise<Outcome> {
  const { change = (same) => same } = options;
  const drawn = change(cutWorld(seed, options.kept ?? {}, { isOfSources: options.isOfSources ?? false }));
  const plan = { ...drawn, storage: options.storage ?? drawn.storage };
  const transcript = new Transcript(options.keepLines ?? 0);
  const simulation = new Simulation(plan, options.plant, transcript);
  await simulation.play(options.goesOn);
  const { calls, entries, ticks, restores } = simulation.witness;
  return {
    plan,
    violations: simulation.violations,
    history: { calls, entries, ticks, restores },
    refused: simulation.refused,
    left: simulation.left,
    digest: transcript.digest(),
    tail: transcript.tail(),
  };
}
