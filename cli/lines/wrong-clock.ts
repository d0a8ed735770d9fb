import type { TickReport } from "../../src/watchdog/tick/report.ts";

const CLOCK = "clock: ";

/** Why this machine's clock kept a tick from doing anything, if it did: the function's attention, and an error here. */
export const wrongClockOf = ({ attention }: Pick<TickReport, "attention">): string | undefined =>
  attention.find((each) => each.startsWith(CLOCK))?.slice(CLOCK.length);
