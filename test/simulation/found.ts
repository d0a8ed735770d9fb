import type { Plan } from "./world/plan.ts";

/** A seed that once showed something wrong, and must not again. */
export type Found = {
  readonly seed: number;
  /** Where the watchdog kept what it knew, if it must be other than the seed's own. */
  readonly storage?: Plan["storage"];
  /** No more of the world than this, as `--only` takes it: what was added to worlds since is left out. */
  readonly only?: string;
  /** Of worlds with schedules that are held. */
  readonly sources?: true;
  readonly what: string;
};
