import { describe, expect, it } from "vitest";
import type { Entry } from "../../../src/watchdog/model/entry.ts";
import type { ValidExemption } from "../../../src/watchdog/model/exemption.ts";
import { grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { noticeMs } from "../../../src/watchdog/overrule/keep-time.ts";
import { pause } from "../../../src/watchdog/policies/operate.ts";
import { runTick } from "../../../src/watchdog/tick/tick.ts";
import { engineMissing } from "../../support/engines/engine.ts";
import { instead } from "../../support/instead.ts";
import { mailOfEntry } from "../../support/notices/mail.ts";
import { fiveUsd } from "../../support/policies.ts";
import { controlEntries } from "../../support/recorded.ts";
import { type Watched, watch, within } from "../../support/watch.ts";
import { HOUR, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const DAY = 24 * HOUR;
const SUBJECT = { kind: "rule", id: "no-run-over-5-usd" } as const;

const grant = (
  { run, ports, emulator }: Watched,
  forMs: number,
  wish: Partial<Parameters<typeof grantExemption>[1]> = {},
) =>
  run(
    grantExemption(
      ports,
      {
        subject: SUBJECT,
        until: new Date(emulator.clock.now() + forMs),
        owner: "ann",
        reason: "a crawl",
        ...wish,
      },
      "ann",
    ),
  );

const kinds = async (watched: Watched) => (await controlEntries(watched)).map(({ kind }) => kind).slice(1);

const watched = (on: "memory" | "engine" = "memory") => watch(worldOf(OVER_5_USD), { policy: fiveUsd(), on });

describe("a promise whose time is up", () => {
  it.each(["memory", "engine"] as const)("ends in the audit, once, by ticks that overlap: %s", async (on) => {
    if (on === "engine" && engineMissing) return;
    const world = await watched(on);
    await grant(world, 5 * MINUTE);
    await world.run(
      pause(world.ports, {
        by: "bob",
        reason: "lunch",
        until: new Date(world.emulator.clock.now() + 5 * MINUTE),
      }),
    );
    world.advance(5 * MINUTE);
    const { process, run } = world;
    const options = within(world, 50_000);
    await run(Promise.all([1, 2, 3].map(() => runTick(process(), options))));
    expect((await kinds(world)).sort()).toEqual([
      "control.paused",
      "control.resumed",
      "exemption.ended",
      "exemption.granted",
    ]);
    const entries = await controlEntries(world);
    expect(entries.find(({ kind }) => kind === "exemption.ended")).toMatchObject({
      by: "watchdog",
      tickId: expect.stringMatching(/^tick-/),
      change: { subject: SUBJECT, owner: "ann", grantedFor: "a crawl", reason: "its time was up" },
    });
    expect(entries.find(({ kind }) => kind === "control.resumed")).toMatchObject({
      by: "watchdog",
      change: { reason: "its time was up", pause: { by: "bob", reason: "lunch" } },
    });
    const control = await world.ports.state.readControl();
    expect([control.exemptions, control.pause]).toEqual([[], undefined]);
    expect(world.aborts()).toHaveLength(1);
  });

  it("is without effect before that is written, and is written by a later tick when it can't be", async () => {
    const world = await watched();
    const { ports } = world;
    await grant(world, 5 * MINUTE);
    world.advance(5 * MINUTE);
    const audit = instead(ports.audit, {
      append: (append) =>
        append.sealed.entry.kind === "exemption.ended"
          ? Promise.reject(new Error("no audit"))
          : ports.audit.append(append),
    });
    const report = await world.tick(world.process({ audit }));
    expect(report.skipped).toMatchObject({ "ending an exemption failed": 1 });
    expect(world.aborts()).toHaveLength(1);
    await world.tick();
    expect(await kinds(world)).toEqual(["exemption.granted", "exemption.ended"]);
  });

  it("is judged on the state that it is written on: what replaced it meanwhile stands", async () => {
    const world = await watched();
    const { ports } = world;
    await grant(world, 5 * MINUTE);
    world.advance(5 * MINUTE);
    let isReplaced = false;
    const audit = instead(ports.audit, {
      append: async (append) => {
        if (!isReplaced && append.sealed.entry.kind === "exemption.ended") {
          isReplaced = true;
          const until = new Date(ports.clock.now().getTime() + HOUR);
          await grantExemption(ports, { subject: SUBJECT, until, owner: "bob", reason: "longer" }, "bob");
        }
        return ports.audit.append(append);
      },
    });
    await world.tick(world.process({ audit }));
    expect(await kinds(world)).toEqual(["exemption.granted", "exemption.granted"]);
    expect((await ports.state.readControl()).exemptions).toMatchObject([{ owner: "bob" }]);
    expect(world.aborts()).toEqual([]);
  });

  it("ends with an entry of its own for each subject of one tick", async () => {
    const world = await watched();
    await grant(world, 5 * MINUTE);
    await grant(world, 5 * MINUTE, { subject: { kind: "run", id: world.runIds()[0] ?? "" } });
    world.advance(5 * MINUTE);
    await world.tick(world.process({ newTickId: () => "always the same" }));
    expect(await kinds(world)).toEqual([
      "exemption.granted",
      "exemption.granted",
      "exemption.ended",
      "exemption.ended",
    ]);
    expect((await world.ports.state.readControl()).exemptions).toEqual([]);
  });

  it("goes on being counted and logged while it can't be read, and protects", async () => {
    const world = await watched();
    const { ports } = world;
    const state = instead(ports.state, {
      readControl: async () => ({
        ...(await ports.state.readControl()),
        exemptions: [{ kind: "malformed", subject: SUBJECT, problem: "until is no date" }],
      }),
    });
    for (let count = 1; count <= 2; count++) {
      const { skipped } = await world.tick(world.process({ state }));
      expect(skipped).toMatchObject({ "malformed exemption protects rule no-run-over-5-usd": 1 });
    }
    expect(world.warnings.filter((text) => text.includes("an exemption can't be read"))).toHaveLength(2);
    expect(world.aborts()).toEqual([]);
  });
});

describe("the notice before an exemption ends", () => {
  const lasting = (ms: number): Pick<ValidExemption, "grantedAt" | "until"> => ({
    grantedAt: new Date(0),
    until: new Date(ms),
  });

  it.each([
    [90 * DAY, DAY],
    [10 * DAY, DAY],
    [5 * DAY, 12 * HOUR],
    [2 * HOUR, 12 * MINUTE],
    [HOUR, 10 * MINUTE],
    [11 * MINUTE, 10 * MINUTE],
    [10 * MINUTE, 0],
    [MINUTE, 0],
  ])("comes, of a span of %d ms, %d ms before", (spanMs, beforeMs) => {
    expect(noticeMs(lasting(spanMs))).toBe(beforeMs);
  });

  it("comes ten minutes before where it is not known when it was granted", () => {
    expect(noticeMs({ until: new Date(0) })).toBe(10 * MINUTE);
  });

  it("is written once, in time, and again only for another grant", async () => {
    const world = await watched();
    await grant(world, 40 * MINUTE);
    await world.ticks(30);
    expect(await kinds(world)).toEqual(["exemption.granted"]);
    await world.ticks(8);
    expect(await kinds(world)).toEqual(["exemption.granted", "exemption.ending"]);
    await grant(world, 20 * MINUTE);
    await world.ticks(22);
    expect(await kinds(world)).toEqual([
      "exemption.granted",
      "exemption.ending",
      "exemption.granted",
      "exemption.ending",
      "exemption.ended",
    ]);
  });

  it("comes the earlier the longer the exemption has lasted", async () => {
    const world = await watched();
    await grant(world, 10 * HOUR);
    world.advance(9 * HOUR - MINUTE);
    await world.tick();
    expect(await kinds(world)).toEqual(["exemption.granted"]);
    world.advance(MINUTE);
    await world.tick();
    expect(await kinds(world)).toEqual(["exemption.granted", "exemption.ending"]);
  });

  it("is written once by ticks that overlap, and does not change what it announces", async () => {
    const world = await watched(engineMissing ? "memory" : "engine");
    await grant(world, 40 * MINUTE, { ceilingMicroUsd: 9_000_000 });
    world.advance(35 * MINUTE);
    const endsBy = new Date(world.emulator.clock.now() + 50_000);
    const options = { signal: new AbortController().signal, endsBy };
    await world.run(Promise.all([1, 2, 3].map(() => runTick(world.process(), options))));
    expect(await kinds(world)).toEqual(["exemption.granted", "exemption.ending"]);
    expect((await world.ports.state.readControl()).exemptions).toMatchObject([
      {
        subject: SUBJECT,
        ceilingMicroUsd: 9_000_000,
        owner: "ann",
        reason: "a crawl",
        noticedAt: expect.any(Date),
      },
    ]);
    expect(world.aborts()).toEqual([]);
  });

  it("says whose it is, until when, who answers, what comes next and how to prolong it", async () => {
    const world = await watched();
    await grant(world, 40 * MINUTE, { ceilingMicroUsd: 9_000_000 });
    world.advance(35 * MINUTE);
    await world.tick();
    const ending = (await controlEntries(world)).find(({ kind }) => kind === "exemption.ending") as Entry;
    const { subject, text } = mailOfEntry(ending);
    expect(subject).toBe("[default] EXEMPTION ENDING: rule no-run-over-5-usd");
    expect(text).toMatch(/\nrule no-run-over-5-usd: exempt only until .* or \$9\.00 \(ann: a crawl\)/);
    for (const line of [
      "Exempt     rule no-run-over-5-usd",
      "Owner      ann",
      "Ceiling    9 USD a run",
      "Next       from then on it stops runs again",
      'To prolong watchdog exempt add --rule no-run-over-5-usd --until 24h --ceiling 9 --reason "…"',
    ])
      expect(text).toContain(line);
    world.advance(10 * MINUTE);
    await world.tick();
    const ended = (await controlEntries(world)).find(({ kind }) => kind === "exemption.ended") as Entry;
    expect(mailOfEntry(ended).subject).toBe("[default] EXEMPTION ENDED: rule no-run-over-5-usd");
    expect(mailOfEntry(ended).text).toContain("Ended      by watchdog: its time was up");
    expect(mailOfEntry(ended).text).toContain("Next       from now on it stops runs again");
    expect(mailOfEntry(ended).text).not.toContain("undefined");
  });
});

describe("a promise that was just prolonged", () => {
  it.each([
    ["ended", "memory", 10 * MINUTE],
    ["ended", "engine", 10 * MINUTE],
    ["put back by its announcement", "memory", 4 * MINUTE],
    ["put back by its announcement", "engine", 4 * MINUTE],
  ] as const)("is not %s by a tick that still sees the old one: %s", async (_what, on, laterMs) => {
    if (on === "engine" && engineMissing) return;
    const world = await watched(on);
    const { state } = world.ports;
    await grant(world, 12 * MINUTE - 1);
    const { exemptions: old } = await state.readControl();
    world.advance(laterMs + 3 * MINUTE);
    await grant(world, 10 * HOUR);
    const stands = { until: new Date(world.emulator.clock.now() + 10 * HOUR) };
    const torn = async () => ({ ...(await state.readControl()), exemptions: old });
    await world.tick(world.process({ state: instead(state, { readControl: torn }) }));
    expect((await state.readControl()).exemptions).toMatchObject([stands]);
    expect(await kinds(world)).toEqual(["exemption.granted", "exemption.granted"]);
  });
});
