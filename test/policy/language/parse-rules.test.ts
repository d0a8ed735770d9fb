import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/language/parse.ts";
import { document, type Refused, refusal, withRule } from "../documents.ts";

const SPAN = 'a span of the day, for example "22:00-06:00", in quotes';
const DAY = "a day or a span of days, for example sat or mon-fri";
const ZONE = "a time zone as IANA names it, for example Europe/Prague or UTC";
const MEMORY = 'a memory, for example 4GB, ">=4GB" or "<512MB"; 1 GB is 1024 MB, as at Apify';
const OWNER =
  "who is responsible, up to 200 letters and no blank before them, for example shop-team or ops@example.com";

/** Each wrong in its place of a rule. */
const rules: readonly Refused[] = [
  ["a schedule without days and hours", { schedule: {} }, "schedule: got {}", "days, hours or both"],
  [
    "a schedule of a time zone alone",
    { schedule: { timeZone: "UTC" } },
    'schedule: got {"timeZone":"UTC"}',
    "days, hours or both",
  ],
  [
    "hours that no clock shows",
    { schedule: { hours: ["25:00-26:00"] } },
    'schedule.hours[0]: got "25:00-26:00"',
    SPAN,
  ],
  [
    "minutes that no clock shows",
    { schedule: { hours: ["08:60-09:00"] } },
    'schedule.hours[0]: got "08:60-09:00"',
    SPAN,
  ],
  [
    "hours without minutes",
    { schedule: { hours: ["8-17"] } },
    'schedule.hours[0]: got "8-17"',
    `${SPAN}; did you mean "08:00-17:00"?`,
  ],
  [
    "hours without quotes, which YAML may read as a number",
    { schedule: { hours: [1320] } },
    "schedule.hours[0]: got 1320",
    SPAN,
  ],
  [
    "a span of no time",
    { schedule: { hours: ["22:00-22:00"] } },
    'schedule.hours[0]: got "22:00-22:00"',
    SPAN,
  ],
  [
    "hours that are no list",
    { schedule: { hours: "22:00-06:00" } },
    'schedule.hours: got "22:00-06:00"',
    'a list of spans, for example "22:00-06:00" with at least one in it; did you mean ["22:00-06:00"]?',
  ],
  ["a mistyped day", { schedule: { days: ["mon-fry"] } }, 'schedule.days[0]: got "mon-fry"', DAY],
  [
    "no days",
    { schedule: { days: [] } },
    "schedule.days: got []",
    "a list of days, for example mon-fri with at least one in it",
  ],
  [
    "a mistyped key of a schedule",
    { schedule: { day: ["mon"] } },
    'schedule.day: got an unknown key, "day"',
    '"days", or another of the keys days, hours, timeZone',
  ],
  [
    "a zone that there is not",
    { schedule: { days: ["mon"], timeZone: "Europe/Pragu" } },
    'schedule.timeZone: got "Europe/Pragu"',
    ZONE,
  ],
  [
    "a step's schedule",
    { steps: [{ at: "100%", do: "abort", schedule: { hours: ["6pm-8pm"] } }] },
    'steps[0].schedule.hours[0]: got "6pm-8pm"',
    `${SPAN}; did you mean "18:00-20:00"?`,
  ],
  ["a memory without unit", { for: { memory: ["4"] } }, 'for.memory[0]: got "4"', MEMORY],
  ["a memory as a number", { for: { memory: [4096] } }, "for.memory[0]: got 4096", MEMORY],
  ["no memory", { for: { memory: ["<0GB"] } }, 'for.memory[0]: got "<0GB"', MEMORY],
  [
    "a build that YAML reads as a number",
    { for: { builds: [0.1] } },
    "for.builds[0]: got 0.1",
    'the tag or number of a build, for example latest or "0.1.*"',
  ],
  [
    "an estimate of a time",
    { limit: { runTime: "5m" }, steps: [{ at: "100%", do: "abort", basis: "estimate" }] },
    'steps[0].basis: got "estimate"',
    "actual, or no basis; only a limit on usageTotalUsd can be estimated",
  ],
  [
    "a mistyped basis",
    { steps: [{ at: "100%", do: "abort", basis: "estimated" }] },
    'steps[0].basis: got "estimated"',
    "one of actual, estimate (did you mean estimate?); only a budget is projected, or held against the account's own figure",
  ],
  ["nobody for an owner", { owner: "" }, 'owner: got ""', OWNER],
  ["an owner behind a blank", { owner: " ops" }, 'owner: got " ops"', `${OWNER}; did you mean ops?`],
];

describe("parsePolicy()", () => {
  it.each(rules)("refuses %s", (_what, rule, got, wanted) => {
    expect(refusal(withRule(rule as object as Record<string, unknown>)).message).toBe(
      `rules[0].${got}, wanted ${wanted}`,
    );
  });

  it.each([
    [{ timeZone: "" }, `timeZone: got "", wanted ${ZONE}`],
    [{ timeZone: 1 }, `timeZone: got 1, wanted ${ZONE}`],
    [{ owner: 5 }, `owner: got 5, wanted ${OWNER}`],
  ])("refuses %j of the whole policy", (wrong, message) => {
    expect(refusal(document(wrong)).message).toBe(message);
  });

  it("reads days, hours and zone of a schedule, the policy's zone where it has none", () => {
    const schedules = (overrides: object) =>
      parsePolicy(
        document({ timeZone: "Europe/Prague", ...withRule(overrides as Record<string, unknown>) }),
      ).rules.map(({ schedule }) => schedule);
    expect(
      schedules({ schedule: { days: ["fri-mon", "Sat"], hours: ["22:00-06:00", "12:00 - 24:00"] } }),
    ).toEqual([
      {
        days: [5, 6, 0, 1],
        hours: [
          { from: 1320, to: 360 },
          { from: 720, to: 1440 },
        ],
        timeZone: "Europe/Prague",
      },
    ]);
    expect(schedules({ schedule: { days: ["sun"], timeZone: "UTC" } })).toEqual([
      { days: [0], timeZone: "UTC" },
    ]);
  });

  it("reads memory as Apify sells it", () => {
    const memory = ["4GB", ">=4GB", "< 512 mb", "<=0.5GB", "=1024MB"];
    expect(parsePolicy(withRule({ for: { memory } })).rules[0]?.for?.memory).toEqual([
      { op: "=", mbytes: 4096 },
      { op: ">=", mbytes: 4096 },
      { op: "<", mbytes: 512 },
      { op: "<=", mbytes: 512 },
      { op: "=", mbytes: 1024 },
    ]);
  });
});
