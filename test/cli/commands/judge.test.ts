import { describe, expect, it } from "vitest";
import { appendOnce } from "../../../src/watchdog/audit/append.ts";
import { VerdictTally } from "../../../src/watchdog/audit/verdicts.ts";
import { type EntryDraft, entryIdOf } from "../../../src/watchdog/model/entry.ts";
import { judgeStop } from "../../../src/watchdog/overrule/judge-stop.ts";
import { instead } from "../../support/instead.ts";
import { fiveUsd } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { HEALTHY, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";
import { afterStops, cli, explained, policyFile } from "../support.ts";

async function observed(): Promise<{ watched: Watched; runId: string }> {
  const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: fiveUsd({ mode: "observe" }) });
  await watched.ticks(1);
  return { watched, runId: watched.runIds()[0] ?? "" };
}
const judge = (stop: string, verdict: string, reason: string, ...more: string[]) => [
  "judge",
  stop,
  verdict,
  "--reason",
  reason,
  ...more,
];
async function verdicts({ ports: { audit, clock } }: Watched) {
  const tally = new VerdictTally();
  const span = { from: new Date(0), to: new Date(clock.now().getTime() + 60_000) };
  for await (const stored of audit.list(span)) tally.note(stored);
  return tally.byRun;
}

describe("watchdog judge", () => {
  it("writes the verdict on a run's stop into its chain, with the stop's rule and evidence", async () => {
    const watched = await afterStops();
    const [runId = ""] = watched.runIds();
    const { code, out, err } = await cli(watched, judge(runId, "wrong", "the shop has grown"));
    expect(out).toMatch(new RegExp(`^Judged wrong: the stop of run ${runId} by rule no-run-over-5-usd, `));
    expect(out).toContain("counts as a wrong stop");
    expect([code, err]).toEqual([0, ""]);
    const entries = await watched.entries(runId);
    const intent = entries.find(({ kind }) => kind === "abort.intended");
    expect(entries.at(-1)).toMatchObject({
      kind: "stop.judged",
      intentId: intent?.entryId,
      ruleId: "no-run-over-5-usd",
      evidence: { metric: "usageTotalUsd", limit: 5 },
      by: "ann@laptop",
      reason: "the shop has grown",
      change: { verdict: "wrong", stopKind: "abort.intended", stoppedAt: intent?.at },
    });
    const { out: story } = await cli(watched, ["audit", "show", runId]);
    expect(story).toMatch(/JUDGED +the stop by no-run-over-5-usd was judged wrong, by ann@laptop: the shop/);
    expect(story).toContain("This chain verifies");
    expect((await explained(watched, runId)).decision.why).toContain("was judged wrong, by ann@laptop");
    expect((await cli(watched, ["audit", "list", "--kind", "stop.judged"])).out).toContain(runId);
  });

  it("takes any entry of a stop, also of one that was only observed", async () => {
    const { watched, runId } = await observed();
    const [entry] = await watched.entries(runId);
    const said = await cli(
      watched,
      judge(entry?.entryId.slice(0, 6) ?? "", "planned", "month end", "--json"),
    );
    expect(JSON.parse(said.out)).toMatchObject({
      judged: true,
      written: true,
      verdict: "planned",
      stopId: entry?.entryId,
      stopKind: "abort.observed",
      runId,
      supersedes: null,
    });
    expect(watched.aborts()).toEqual([]);
    const of = await afterStops();
    const confirmed = (await of.entries(of.runIds()[0] ?? "")).find(({ kind }) => kind === "abort.confirmed");
    const { out } = await cli(of, judge(confirmed?.entryId ?? "", "right", "a loop", "--json"));
    expect(JSON.parse(out)).toMatchObject({ stopId: confirmed?.intentId, stopKind: "abort.intended" });
  });

  it("lets the last verdict count, keeps both, and writes the very same only once", async () => {
    const { watched, runId } = await observed();
    await cli(watched, judge(runId, "wrong", "too low"));
    const first = (await verdicts(watched)).get(runId);
    expect((await cli(watched, judge(runId, "wrong", "too low"))).out).toContain("Nothing was written.");
    const { out } = await cli(watched, judge(runId, "right", "it was a loop after all"));
    expect(out).toMatch(/This takes the place of wrong, by ann@laptop, .*: too low\. The audit keeps both\./);
    expect([...(await verdicts(watched)).values()]).toMatchObject([
      { runId, verdict: "right", supersedes: first?.entryId },
    ]);
    const kinds = await watched.kinds(runId);
    expect(kinds.filter((kind) => kind === "stop.judged")).toHaveLength(2);
  });

  it("takes the place of a verdict that only a newer version can read", async () => {
    const { watched, runId } = await observed();
    const [stop] = await watched.entries(runId);
    if (stop === undefined) throw new Error("nothing was observed");
    const newer: EntryDraft = {
      entryId: entryIdOf(stop.entryId, "stop.judged", 0),
      kind: "stop.judged",
      at: stop.at,
      subject: stop.subject,
      runId,
      by: "bob",
      reason: "half of it was planned",
      intentId: stop.entryId,
      change: { verdict: "partly" },
    };
    await appendOnce(watched.ports, stop.chain, newer);
    expect((await cli(watched, judge(runId, "wrong", "too low"))).code).toBe(0);
    expect((await watched.entries(runId)).at(-1)).toMatchObject({
      change: { verdict: "wrong", supersedes: newer.entryId },
    });
  });

  it("reports the other verdict to the second of two who judge at once", async () => {
    const { watched, runId } = await observed();
    const { audit } = watched.ports;
    let reads = 0;
    // The other one writes between this one's reading and its append.
    const late = instead(audit, {
      async readChain(chain) {
        const stored = await audit.readChain(chain);
        if (++reads === 2)
          await judgeStop(watched.ports, { id: runId, verdict: "right", reason: "a loop", by: "bob" });
        return stored;
      },
    });
    const wish = { id: runId, verdict: "wrong", reason: "too low", by: "ann" } as const;
    expect(await watched.run(judgeStop({ ...watched.ports, audit: late }, wish))).toMatchObject({
      kind: "refused",
      reason: "judged-meanwhile",
      why: expect.stringContaining("right, by bob: a loop"),
    });
    expect((await watched.kinds(runId)).filter((kind) => kind === "stop.judged")).toHaveLength(1);
  });

  it("refuses what is no stop, and says what may have been meant", async () => {
    const { watched, runId } = await observed();
    const typo = `${runId.slice(0, -1)}0`;
    const unknown = await cli(watched, judge(typo, "right", "x"));
    expect(unknown).toMatchObject({
      code: 1,
      err: expect.stringContaining(`There is no run or entry ${typo} in the audit. Did you mean ${runId}?`),
    });
    const control = await cli(watched, judge("control", "right", "x", "--json"));
    expect(JSON.parse(control.out)).toMatchObject({ judged: false, reason: "no-stop" });
    expect(await cli(watched, judge(runId, "wrog", "x"))).toMatchObject({
      code: 2,
      err: expect.stringContaining("Did you mean wrong?"),
    });
    expect(await watched.kinds(runId)).toEqual(["abort.observed"]);
  });

  it("counts in a back-test of what the tables have", async () => {
    const watched = await afterStops();
    watched.advance(20 * MINUTE);
    await watched.ticks(1);
    const [runId = ""] = watched.runIds();
    await cli(watched, judge(runId, "wrong", "the shop has grown"));
    const argv = ["backtest", await policyFile(fiveUsd())];
    const { stops, wrongStops } = JSON.parse((await cli(watched, [...argv, "--json"])).out);
    expect(stops).toContainEqual(expect.objectContaining({ runId, status: "ABORTED", verdict: "wrong" }));
    expect(wrongStops).toMatchObject({ count: 1, judged: { right: 0, wrong: 1, planned: 0 } });
    const { code, out } = await cli(watched, [...argv, "--runs", "--fail-if", "wrong > 0"]);
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`\\n${runId} .* ABORTED, judged wrong `));
    expect(out).toContain(
      "Wrong stops: 1 of 1 run that succeeded, as corrected by verdicts on stops (1 wrong)",
    );
  });

  it("is no undo: the entry of a verdict, and its stop, can still be undone", async () => {
    const watched = await afterStops();
    const [runId = ""] = watched.runIds();
    await cli(watched, judge(runId, "wrong", "the shop has grown"));
    const undo = ["undo", runId, "--until", "6h", "--reason", "big", "--yes", "--json"];
    expect(JSON.parse((await cli(watched, undo)).out)).toMatchObject({ undone: true });
  });
});
