import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cell, type SlotSpan, spansOf, spentWithin, sumCells } from "../../../src/policy/spend/cells.ts";
import type { Window } from "../../../src/policy/spend/windows.ts";
import {
  addSpend,
  dayOf,
  HOUR_MS,
  isHourSlot,
  type SpendBySlot,
  spread,
  totalOf,
} from "../../../src/policy/values/slots.ts";

const FIRST_MS = Date.parse("2026-11-20T00:00:00Z");
const HOURS = 12 * 24;
const ALL: Window = { from: new Date(FIRST_MS), to: new Date(FIRST_MS + HOURS * HOUR_MS) };
const hour = (count: number): Date => new Date(FIRST_MS + count * HOUR_MS);
const everybody = () => "all";

/** Cells as the store keeps them: what is known to the hour is in its hour and in its day, the rest in its day alone. */
const cellsOf = (actorId: string, spend: SpendBySlot): readonly Cell[] => {
  const days: Record<string, number> = {};
  for (const [slot, microUsd] of Object.entries(spend))
    days[dayOf(slot)] = (days[dayOf(slot)] ?? 0) + microUsd;
  const hours = Object.entries(spend).filter(([slot]) => isHourSlot(slot));
  return [...hours, ...Object.entries(days)].map(([slot, microUsd]) => ({ actorId, slot, microUsd }));
};

/** What runs spent: some just now, some over days, some corrected downwards. */
const spends: fc.Arbitrary<SpendBySlot> = fc
  .array(
    fc.record({
      microUsd: fc.integer({ min: -1_000, max: 100_000 }),
      fromMin: fc.integer({ min: 0, max: HOURS * 60 }),
      minutes: fc.oneof(fc.nat({ max: 90 }), fc.nat({ max: 6 * 24 * 60 })),
    }),
    { maxLength: 6 },
  )
  .map((parts) =>
    parts.reduce<SpendBySlot>((sum, { microUsd, fromMin, minutes }) => {
      const fromMs = FIRST_MS + Math.max(1, fromMin) * 60_000;
      const toMs = Math.min(fromMs + minutes * 60_000, ALL.to.getTime());
      return addSpend(sum, spread(microUsd, new Date(Math.min(fromMs, toMs)), new Date(toMs)));
    }, {}),
  );
const ledgers = fc.tuple(spends, spends).map(([a, b]) => [...cellsOf("a", a), ...cellsOf("b", b)]);
/** Where windows meet: anything from one to many, the whole time among them. */
const partitions = fc
  .uniqueArray(fc.integer({ min: 1, max: HOURS - 1 }), { maxLength: 8 })
  .map((cuts) => [0, ...cuts.sort((a, b) => a - b), HOURS])
  .map((edges) => edges.slice(1).map((to, i): Window => ({ from: hour(edges[i] ?? 0), to: hour(to) })));

const sum = (cells: readonly Cell[], window: Window): number =>
  sumCells(cells, window, everybody).get("all") ?? 0;
const inSpan = ({ slot }: Cell, { from, to }: SlotSpan): boolean =>
  slot.length === from.length && slot >= from && slot <= to;

describe("sumCells()", () => {
  it("over windows in a row adds up to the total, wherever they cut a day", () => {
    fc.assert(
      fc.property(ledgers, partitions, (cells, windows) => {
        const total = cells
          .filter(({ slot }) => !isHourSlot(slot))
          .reduce((all, each) => all + each.microUsd, 0);
        expect(windows.reduce((all, window) => all + sum(cells, window), 0)).toBe(total);
      }),
    );
  });

  it("by group adds up to the sum of all, within a micro-dollar for each cut day", () => {
    fc.assert(
      fc.property(ledgers, partitions, (cells, windows) => {
        for (const window of windows) {
          const groups = [...sumCells(cells, window, ({ actorId }) => actorId).values()];
          const apart = groups.reduce((all, each) => all + each, 0) - sum(cells, window);
          expect(Math.abs(apart)).toBeLessThanOrEqual(4);
        }
      }),
    );
  });

  it("agrees with what the same spend has within the window before it is recorded", () => {
    fc.assert(
      fc.property(spends, partitions, (spend, windows) => {
        for (const window of windows) {
          const inCells = sumCells(cellsOf("a", spend), window, everybody).get("all") ?? 0;
          expect(Math.abs(inCells - spentWithin(spend, window))).toBeLessThanOrEqual(2);
        }
      }),
    );
  });

  it("needs no cells but those of the spans that are named for its windows", () => {
    const nowHours = fc.integer({ min: 1, max: HOURS - 1 });
    fc.assert(
      fc.property(
        ledgers,
        fc.array(fc.tuple(nowHours, nowHours, nowHours), { maxLength: 4 }),
        (cells, triples) => {
          const all = triples.map((triple) => triple.toSorted((a, b) => a - b));
          const nowHour = all[0]?.[1] ?? 1;
          const windows = all.map(([from = 0, , to = 0]) => ({
            from: hour(Math.min(from, nowHour)),
            to: hour(Math.max(to, nowHour + 1)),
          }));
          const now = new Date(hour(nowHour).getTime() + 1_234);
          const past = cells.filter(({ slot }) => slot <= now.toISOString().slice(0, slot.length));
          const spans = spansOf(windows, now);
          const read = past.filter((cell) => spans.some((span) => inSpan(cell, span)));
          for (const window of windows) expect(sum(read, window)).toBe(sum(past, window));
        },
      ),
    );
  });

  it("takes a whole day from its day's cell, and a cut one from its hours", () => {
    const cells = [
      { actorId: "a", slot: "2026-11-20", microUsd: 100 },
      { actorId: "a", slot: "2026-11-21", microUsd: 30 },
      { actorId: "a", slot: "2026-11-21T05", microUsd: 20 },
      { actorId: "a", slot: "2026-11-21T06", microUsd: 10 },
    ];
    expect(sum(cells, { from: hour(0), to: hour(30) })).toBe(120);
    expect(sum(cells, { from: hour(0), to: hour(48) })).toBe(130);
    expect(sum(cells, { from: hour(29), to: hour(31) })).toBe(30);
  });

  it("gives a part of a day its share of what is known to the day alone", () => {
    const cells = [{ actorId: "a", slot: "2026-11-20", microUsd: 240 }];
    expect(sum(cells, { from: hour(18), to: hour(48) })).toBe(60);
    expect(sum(cells, { from: hour(0), to: hour(1) })).toBe(10);
  });

  it("leaves out who is in no group, and knows nothing of a group without cells", () => {
    const cells = cellsOf("a", { "2026-11-20T05": 5 });
    expect(sumCells(cells, ALL, () => undefined).size).toBe(0);
    expect(sumCells([], ALL, everybody).size).toBe(0);
    expect(sumCells(cells, { from: hour(24), to: hour(30) }, everybody).size).toBe(0);
  });
});

describe("spentWithin()", () => {
  it("over windows in a row adds up to all of it", () => {
    fc.assert(
      fc.property(spends, partitions, (spend, windows) => {
        expect(windows.reduce((all, window) => all + spentWithin(spend, window), 0)).toBe(totalOf(spend));
      }),
    );
  });

  it("counts an hour by its beginning: the window's end is not in it", () => {
    const spend = { "2026-11-20T05": 1, "2026-11-20T06": 10, "2026-11-20T07": 100 };
    expect(spentWithin(spend, { from: hour(6), to: hour(7) })).toBe(10);
  });
});

describe("spansOf()", () => {
  it("names the days of whole ones, and the hours of those that are cut", () => {
    const window = { from: hour(18), to: hour(18 + 48) };
    expect(spansOf([window], hour(50))).toEqual([
      { from: "2026-11-20", to: "2026-11-22" },
      { from: "2026-11-20T00", to: "2026-11-20T23" },
      { from: "2026-11-22T00", to: "2026-11-22T23" },
    ]);
  });

  it("names those up to the end of windows that are over, in order", () => {
    const late = { from: hour(60), to: hour(70) };
    const early = { from: hour(6), to: hour(24) };
    expect(spansOf([late, early], hour(200))).toEqual([
      { from: "2026-11-20", to: "2026-11-22" },
      { from: "2026-11-20T00", to: "2026-11-20T23" },
      { from: "2026-11-22T00", to: "2026-11-22T23" },
    ]);
    expect(spansOf([{ from: hour(0), to: hour(24) }], hour(200))).toEqual([
      { from: "2026-11-20", to: "2026-11-20" },
    ]);
  });

  it("names a day from its first moment on", () => {
    const window = { from: hour(0), to: hour(54) };
    const ofDay = { from: "2026-11-22T00", to: "2026-11-22T23" };
    expect(spansOf([window], hour(48))).toEqual([{ from: "2026-11-20", to: "2026-11-22" }, ofDay]);
    const before = new Date(hour(48).getTime() - 1);
    expect(spansOf([window], before)).toEqual([{ from: "2026-11-20", to: "2026-11-21" }]);
  });

  it("names none for no windows, and none of days that have not begun", () => {
    expect(spansOf([], hour(50))).toEqual([]);
    const month = { from: hour(0), to: hour(HOURS - 6) };
    expect(spansOf([month], hour(1))).toEqual([{ from: "2026-11-20", to: "2026-11-20" }]);
  });
});
