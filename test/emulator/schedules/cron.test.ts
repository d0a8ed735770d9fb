import { describe, expect, test } from "vitest";
import { parseCron } from "../../../emulator/schedules/cron.ts";
import { nextTime, zoneOf } from "../../../emulator/schedules/next-time.ts";

/** The next instants of an expression by a zone's clocks, to the minute or, where that is not 0, the second. */
function times(expression: string, timezone: string, after: string, count: number): readonly string[] {
  const [cron, zone] = [parseCron(expression), zoneOf(timezone)];
  if (!cron || !zone) throw new Error(`${expression} by ${timezone} can't be read`);
  const found: string[] = [];
  let at: number | undefined = Date.parse(`${after}Z`);
  while (found.length < count) {
    at = nextTime(cron, zone, at);
    if (at === undefined) break;
    found.push(new Date(at).toISOString().slice(0, 19).replace(/:00$/, ""));
  }
  return found;
}

// Facts, section 18, and Apify docs, "Cron expressions": five fields or six, the first of which are seconds; `, - * /`;
// 0 and 7 are Sunday; five shortcuts.
describe("a cron expression", () => {
  test.each([
    ["*/20 * * * *", "2026-09-01T08:00", ["2026-09-01T08:20", "2026-09-01T08:40", "2026-09-01T09:00"]],
    ["5,35-36 8 * * *", "2026-09-01T08:05", ["2026-09-01T08:35", "2026-09-01T08:36", "2026-09-02T08:05"]],
    ["10-40/15 0 * * *", "2026-09-01T00:00", ["2026-09-01T00:10", "2026-09-01T00:25", "2026-09-01T00:40"]],
    ["30 5 16 * * 1", "2026-09-01T00:00", ["2026-09-07T16:05:30", "2026-09-14T16:05:30"]],
    ["0 0 * * 7", "2026-09-01T00:00", ["2026-09-06T00:00", "2026-09-13T00:00"]],
    ["0 0 1 */2 *", "2026-09-01T00:00", ["2026-11-01T00:00", "2027-01-01T00:00"]],
    ["0 0 29 2 *", "2026-09-01T00:00", ["2028-02-29T00:00", "2032-02-29T00:00"]],
    // As crontab has it: where both days are restricted, either will do.
    ["0 0 1 * 1", "2026-09-01T00:00", ["2026-09-07T00:00", "2026-09-14T00:00"]],
    ["@hourly", "2026-09-01T08:00", ["2026-09-01T09:00"]],
    ["@monthly", "2026-09-01T08:00", ["2026-10-01T00:00"]],
  ])("%s comes when it says", (expression, after, expected) => {
    expect(times(expression, "UTC", after, expected.length)).toEqual(expected);
  });

  test.each([
    "",
    "* * * *",
    "61 * * * *",
    "* 24 * * *",
    "*/0 * * * *",
    "5-1 * * * *",
    "MON * * * *",
    "constructor",
  ])("%j is none", (expression) => expect(parseCron(expression)).toBeUndefined());

  test("that names no day of any year never comes", () => {
    expect(times("0 0 31 2 *", "UTC", "2026-09-01T00:00", 1)).toEqual([]);
  });
});

describe("by a zone's clocks, an expression", () => {
  test("comes at the same time of day in summer and winter", () => {
    expect(times("0 8 * * *", "Europe/Prague", "2026-10-24T00:00", 2)).toEqual([
      "2026-10-24T06:00",
      "2026-10-25T07:00",
    ]);
  });

  test("is left out where the clocks skip its time", () => {
    expect(times("30 2 * * *", "Europe/Prague", "2026-03-28T00:00", 2)).toEqual([
      "2026-03-28T01:30",
      "2026-03-30T00:30",
    ]);
  });

  test("goes on each half hour where the clocks show an hour twice", () => {
    expect(times("*/30 * * * *", "Europe/Prague", "2026-10-25T00:10", 5)).toEqual([
      "2026-10-25T00:30",
      "2026-10-25T01:00",
      "2026-10-25T01:30",
      "2026-10-25T02:00",
      "2026-10-25T02:30",
    ]);
  });

  test("needs a zone that there is", () => {
    expect(zoneOf("Mars/Olympus")).toBeUndefined();
  });
});
