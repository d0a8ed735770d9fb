import type { WorldFault } from "../../../emulator/index.ts";

/** What is in a world besides whose schedules are held; instants from its start. */
export type SourcesPlan = {
  /** When somebody does something to a schedule in Apify's Console. */
  readonly consoleAtMs: readonly number[];
  /** When an operator has one held or let go, or changes what holds them. */
  readonly ordersAtMs: readonly number[];
  /** What is still wrong with Apify's schedules when all else is calm. */
  readonly lasting: readonly WorldFault[];
};
