import { describe, expect, it } from "vitest";
import { mailOf } from "../../../src/adapters/notify/mail.ts";
import type { Entry } from "../../../src/watchdog/model/entry.ts";
import type { Notice } from "../../../src/watchdog/model/notice.ts";
import { bundlesOf } from "../../../src/watchdog/notify/bundles.ts";
import { gathered } from "../../../src/watchdog/notify/gather.ts";
import { highestSteps } from "../../../src/watchdog/notify/highest-steps.ts";
import { noticeOf } from "../../../src/watchdog/notify/notice-of.ts";
import { held, nameOf, PLACE, spent, stopped, warned } from "../../support/notices/notice-entries.ts";

const notice = (entry: Entry): Notice => noticeOf(entry, nameOf, PLACE);
const ids = (notices: readonly Notice[]) => notices.map(({ id }) => id);

describe("highestSteps()", () => {
  it("keeps of one run's steps the highest, in whatever order they come", () => {
    const [half, most, all] = [warned(50), warned(80), warned(95)].map(notice) as [Notice, Notice, Notice];
    expect(ids(highestSteps([half, most, all]))).toEqual([all.id]);
    expect(ids(highestSteps([all, half, most]))).toEqual([all.id]);
  });

  it("keeps what is of another run, rule, basis or window, and everything that is no step", () => {
    const base = notice(warned(50));
    const others = [
      { ...base, id: "other run", run: { id: "another", url: "" } },
      { ...base, id: "other rule", rule: { ...base.rule, id: "another" } },
      {
        ...base,
        id: "projected",
        rule: { id: "no-run-over-5-usd", step: { at: 90, do: "notify", basis: "projected" } },
      },
      notice(spent),
      {
        ...notice(spent),
        id: "next month",
        evidence: { ...notice(spent).evidence, budget: { from: "later" } },
      },
      notice(stopped),
      notice(held(1)),
      notice(held(2)),
    ] as Notice[];
    expect(ids(highestSteps([...others, base]))).toEqual(ids([...others, base]));
  });
});

describe("gathered()", () => {
  const crowd = (size: number): readonly Notice[] =>
    Array.from({ length: size }, (_none, index) => notice(held(index)));

  it("makes one notice of what one rule and one guard hold, which shows twenty runs and counts the rest", () => {
    const [stop, together, ...more] = gathered([notice(stopped), ...crowd(500)], PLACE);
    expect([stop?.kind, together?.title, more]).toEqual([
      "abort.confirmed",
      "HELD: 500 runs (no-run-over-5-usd)",
      [],
    ]);
    const { text } = mailOf(together ? [together] : []);
    expect(text.match(/^Run .*https:/gm)).toHaveLength(20);
    expect(text).toContain("and 480 more, which are in the audit");
  });

  it("shows the runs that are furthest over first", () => {
    const [worst, ...others] = crowd(4).toReversed();
    const far = { ...worst, evidence: { ...worst?.evidence, measured: 99 } } as Notice;
    const [together] = gathered([...others, far], PLACE);
    expect(together?.facts[0]?.value).toMatch(/^held0+3 of Actor .*: cost \$99\.00 of \$5\.00$/);
  });

  it("leaves what differs by rule, step or guard, what is few, and every stop as it is", () => {
    const notices = [
      ...crowd(2),
      { ...notice(held(3)), guard: "pause" },
      { ...notice(held(4)), rule: { id: "another" } },
      notice(warned(80)),
      ...Array.from({ length: 5 }, () => notice(stopped)),
      notice(spent),
    ];
    expect(gathered(notices, PLACE)).toEqual(notices);
  });
});

describe("bundlesOf()", () => {
  const many = Array.from({ length: 25 }, (_none, index) => notice(held(index)));

  it("fills messages in order, none with more than it may hold", () => {
    const bundles = bundlesOf(many, 10);
    expect(bundles.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(ids(bundles.flat())).toEqual(ids(many));
  });

  it("makes none larger than a queue takes, and loses none that is larger by itself", () => {
    const large = many.map((each) => ({ ...each, text: "x".repeat(50_000) }));
    const bundles = bundlesOf([...large, { ...large[0], text: "x".repeat(250_000) } as Notice], 40);
    expect(bundles.flat()).toHaveLength(26);
    expect(bundles.at(-1)).toHaveLength(1);
    for (const bundle of bundles.slice(0, -1)) expect(JSON.stringify(bundle).length).toBeLessThan(240_000);
  });
});
