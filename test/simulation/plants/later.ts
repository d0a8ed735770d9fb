import type { SourcePlant } from "./planting.ts";

const one = (about: string, file: string, from: string, to: string): SourcePlant => ({
  about,
  changes: [{ file, from, to }],
});

/** Bugs about what worlds had last: places that are kept, restores, corrections, clocks, looks that stand still. */
export const LATER_PLANTS: Readonly<Record<string, SourcePlant>> = {
  "kept-places-given": one(
    "gives the places of an hour that are kept for runs that burn more to any run",
    "src/policy/judge/blast/blast.ts",
    "Math.max(0, reservedOf(perHour) - records.count);",
    "Math.max(0, (reservedOf(perHour) - records.count) * 0);",
  ),
  "correction-of-now": one(
    "takes a correction off the hours since the last look, and not off those in which the money was booked",
    "src/watchdog/observe/spending.ts",
    "  const correction = microUsd < 0 ? takenOffAll(",
    "  const correction = microUsd < 0 && false ? takenOffAll(",
  ),
  "restore-uncounted": one(
    "does not count what was stopped in the last hour where the state table was put back",
    "src/watchdog/stop/take-up.ts",
    "  const isShort = uncounted(intended, state, now).length > 0;",
    "  const isShort = uncounted(intended, state, now).length < 0;",
  ),
  "clock-believed": one(
    "believes a clock that is minutes from Apify's",
    "src/adapters/apify/http/clock-check.ts",
    "const TOLERANCE_MS = 30_000;",
    "const TOLERANCE_MS = 600_000;",
  ),
  "withdrawn-after-call": one(
    "takes a promise back although its call was sent and no answer came",
    "src/watchdog/stop/ladder.ts",
    "    const mayWithdraw = !intent.callSent && isUnpromised;",
    "    const mayWithdraw = isUnpromised;",
  ),
  "idle-unmoved": one(
    "counts a look as idle whose stats have not moved since the one before",
    "src/watchdog/observe/activity.ts",
    "  to.stats === from.stats &&",
    "  to.stats !== to.stats &&",
  ),
};
