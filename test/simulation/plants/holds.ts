import type { SourcePlant } from "./planting.ts";

const one = (about: string, file: string, from: string, to: string): SourcePlant => ({
  about: `${about} (seen with --sources)`,
  changes: [{ file, from, to }],
});

/** Bugs about schedules that are held and let go. */
export const HOLD_PLANTS: Readonly<Record<string, SourcePlant>> = {
  "let-go-twice": one(
    "lets each schedule go twice",
    "src/watchdog/hold/pursue-hold.ts",
    "      if (!(await after(holding, hold, answer))) return;",
    '      if (next.kind === "enable") await enable(holding, hold, with_);\n      if (!(await after(holding, hold, answer))) return;',
  ),
  "let-go-changed": {
    about: "lets schedules go that others have changed since they were held (seen with --sources)",
    changes: [
      {
        file: "src/watchdog/hold/ladder.ts",
        from: "  if (schedule.modifiedAt.getTime() !== hold.madeAt.getTime())",
        to: "  if (schedule.modifiedAt.getTime() === 0)",
      },
      {
        file: "src/watchdog/hold/call.ts",
        from: "  if (!hold.letGo || isEnabled || modifiedAt.getTime() !== hold.madeAt?.getTime())",
        to: "  if (!hold.letGo || isEnabled || modifiedAt.getTime() === 0)",
      },
      {
        file: "src/watchdog/hold/hold-sources.ts",
        from: "  hold.madeAt?.getTime() === listed.modifiedAt.getTime();",
        to: "  hold.madeAt !== undefined;",
      },
    ],
  },
  "held-unwritten": one(
    "disables schedules before that is promised",
    "src/watchdog/hold/begin-hold.ts",
    "  const mayStill = async",
    "  await ports.apify.disableSchedule(scheduleId, holding.signal);\n  const mayStill = async",
  ),
  "held-for-good": one(
    "keeps schedules held when their time is up",
    "src/policy/judge/holds/hold-over.ts",
    '  if (now >= until) return cause.kind === "budget" ? "its budget\'s window has ended" : "its time is up";',
    "  if (now >= until) return undefined;",
  ),
  "gone-at-once": {
    about: "takes one answer that a schedule is not there for its end",
    caughtBy: "test/watchdog/hold/ladder.test.ts",
    changes: [
      {
        file: "src/watchdog/hold/ladder.ts",
        from: '  if (goneAt === undefined) return { kind: "note-gone" };',
        to: '  if (goneAt === undefined) return close("source.left", "it was deleted");',
      },
    ],
  },
};
