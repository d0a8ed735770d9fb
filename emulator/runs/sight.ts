import type { AnswerKind } from "../world/answers.ts";
import type { Run } from "./run.ts";

/** How one answer sees a run: as of which instants it shows each part of it. */
export type Sight = {
  readonly in: AnswerKind;
  /** When the answer is given. */
  readonly atMs: number;
  readonly statusMs: number;
  readonly statsMs: number;
  /** Of figures of cost, usage and events. */
  readonly costMs: number;
};

/** How an answer of this kind sees the run at `atMs`. */
export function sightOf(_run: Run, atMs: number, kind: AnswerKind): Sight {
  return { in: kind, atMs, statusMs: atMs, statsMs: atMs, costMs: atMs };
}
