import type { User } from "../runs/actor.ts";
import type { Run } from "../runs/run.ts";

/** Who reads an answer: the user of the token, or undefined without one. */
export type Reader = User | undefined;

/**
 * Whether the reader sees what the run costs in all. As documented: its owner; of a pay-per-event Actor others too; and
 * no one without a token.
 */
export const seesTotal = (run: Run, reader: Reader): boolean =>
  reader === run.user || (reader !== undefined && run.actor.chargesFor !== undefined);

/** Whether the reader sees what makes it up: only who pays. */
export const seesBreakdown = (run: Run, reader: Reader): boolean => reader === run.user;
