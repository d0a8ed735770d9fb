import { holdsAt } from "../ground/during.ts";
import type { AnswerKind, Stale } from "../world/answers.ts";
import type { Run } from "./run.ts";

/** How one answer sees a run: as of which instants it shows each part of it. */
export type Sight = {
  readonly in: AnswerKind;
  /** When the answer is given. */
  readonly atMs: number;
  /** Of the status, and of whether there is such a run yet. */
  readonly statusMs: number;
  readonly statsMs: number;
  /** Of figures of cost, usage and events. */
  readonly costMs: number;
};

/** How an answer of this kind that reads the run sees it at `atMs`. */
export function sightOf(run: Run, atMs: number, kind: AnswerKind): Sight {
  let sight: Sight = { in: kind, atMs, statusMs: atMs, statsMs: atMs, costMs: atMs };
  for (const stale of run.character.stale) {
    if ((stale.in ?? kind) === kind && holdsAt(stale, atMs - run.zeroMs)) sight = behind(sight, run, stale);
  }
  return sight;
}

function behind(sight: Sight, run: Run, { what = "measures", byMs, fromMs }: Stale): Sight {
  const asOfMs = byMs === undefined ? run.zeroMs + (fromMs ?? 0) : sight.atMs - byMs;
  // What was measured before the start is what is measured at it.
  const measuredMs = Math.max(run.startedAtMs, asOfMs);
  const { statusMs, statsMs, costMs } = sight;
  return {
    ...sight,
    statusMs: what === "all" ? Math.min(statusMs, asOfMs) : statusMs,
    statsMs: what === "cost" ? statsMs : Math.min(statsMs, measuredMs),
    costMs: what === "stats" ? costMs : Math.min(costMs, measuredMs),
  };
}

/** Whether lists may show the run in another state than it is in. */
export const isShownOtherwise = ({ character: { stale } }: Run): boolean =>
  stale.some(({ in: kind, what }) => kind !== "detail" && what === "all");
