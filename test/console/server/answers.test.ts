import { describe, expect, it } from "vitest";
import { askingOn } from "../../../cli/console/asking.ts";
import { Args } from "../../../cli/options/args.ts";
import { runCli } from "../../../cli/run-cli.ts";
import { API, type Order, type Part } from "../../../console/api.ts";
import { carryOut } from "../../../console/server/carry-out.ts";
import { answerOf } from "../../../console/server/questions.ts";
import { WhatIf } from "../../../console/server/what-if.ts";
import { dailyBudget, fiveUsd } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { ended, HEALTHY, OVER_5_USD, worldOf } from "../../support/world.ts";

const askingOf = (watched: Watched) =>
  askingOn(
    new Args({}),
    (argv, asked) => watched.run(runCli(argv, { env: {}, version: "0.0.0", ...asked })),
    async () => ({
      ports: watched.ports,
      target: { kind: "folder", name: "the test's", account: watched.ports.account },
      hasApify: true,
      operator: async () => "ann@laptop",
      close: async () => undefined,
    }),
  );

async function account(policy: object = fiveUsd()) {
  const watched = await watch(worldOf(OVER_5_USD, HEALTHY, ended(1, 3), ended(2, 7)), { policy });
  await watched.ticks(3);
  const asking = askingOf(watched);
  const [stopped = "", live = ""] = watched.runIds();
  const plan = (order: Order) => carryOut(order, asking, { isPlan: true });
  const act = (order: Order) => carryOut(order, asking, { isPlan: false });
  const answers = (path: string, query = "") => answerOf(path, new URLSearchParams(query), asking);
  return { watched, asking, stopped, live, plan, act, answers };
}

// biome-ignore lint/suspicious/noExplicitAny: what a command prints, as the page takes it.
const known = (part: Part | undefined): any =>
  part?.kind === "known" ? part.value : expect.fail(JSON.stringify(part));

describe("what the console's drawers are answered", () => {
  it("has of a run why it is stopped or not, its curve, and its entries in words", async () => {
    const { answers, watched } = await account();
    const run = watched.runIds().find((id) => watched.aborts(id).length > 0) ?? "";
    const { explain, entries } = await answers(API.run, `run=${run}`);
    expect(known(explain)).toMatchObject({
      runId: run,
      curve: expect.any(Array),
      rules: expect.any(Array),
    });
    expect(known(entries)).toContainEqual(
      expect.objectContaining({
        kind: "abort.confirmed",
        word: "STOPPED",
        says: expect.stringMatching(/^ABORTED at \$/),
      }),
    );
    const { entryId } = known(entries)[0];
    expect(known((await answers(API.entry, `entry=${entryId}`)).entry)).toMatchObject([{ entryId }]);
  });

  it("has of a rule how it is written and what it did", async () => {
    const { answers } = await account();
    const { policy, entries } = await answers(API.rule, "rule=no-run-over-5-usd");
    expect(known(policy).document.rules).toContainEqual(expect.objectContaining({ id: "no-run-over-5-usd" }));
    expect(known(entries).length).toBeGreaterThan(0);
  });

  it.each(["", "run=--yes", "run=a%00b", "run=%0a"])("refuses %j", async (query) => {
    const { answers } = await account();
    await expect(answers(API.run, query)).rejects.toThrow("The address lacks run=");
  });

  it("says why of what is not known", async () => {
    const { answers } = await account();
    const { explain } = await answers(API.run, "run=nosuchrun");
    expect(known(explain)).toMatchObject({ kind: "unknown" });
    expect((await answers(API.entry, "entry=ffffffff")).entry).toMatchObject({
      kind: "failed",
      says: expect.stringContaining("Nothing is written of ffffffff"),
    });
  });
});

describe("a limit moved over the recorded runs", () => {
  it("is reckoned once for a version of the policy, and gives a policy with another limit", async () => {
    const { asking } = await account();
    const asked: string[] = [];
    const whatIf = new WhatIf({
      ...asking,
      ask(argv, signal) {
        asked.push(argv[0] ?? "");
        return asking.ask(argv, signal);
      },
    });
    const [first, second] = [
      await whatIf.front("no-run-over-5-usd"),
      await whatIf.front("no-run-over-5-usd"),
    ];
    expect(known(first).front).toMatchObject({ ruleId: "no-run-over-5-usd", points: expect.any(Array) });
    expect(second).toEqual(first);
    expect(asked.filter((name) => name === "backtest")).toHaveLength(1);
    const { yaml } = known(await whatIf.policy("no-run-over-5-usd", "7.5"));
    expect(yaml).toContain("usageTotalUsd: 7.5");
    expect(await whatIf.policy("no-run-over-5-usd", "-1")).toMatchObject({ kind: "failed" });
  });

  it("says of a rule whose limit can't be moved why", async () => {
    const { asking } = await account(dailyBudget(50));
    const { rules } = known({
      kind: "known",
      value: (await asking.ask(["policy", "show"], AbortSignal.timeout(9_000))).json,
      at: "",
    }).document;
    const budget = rules.find(({ budget }: { budget?: object }) => budget).id;
    expect(await new WhatIf(asking).front(budget)).toMatchObject({
      kind: "failed",
      says: expect.stringContaining("it is a budget"),
    });
  });
});

describe("what is done from the page", () => {
  it("is planned, and nothing done, and then is the very command, in the audit with who and why", async () => {
    const { plan, act, watched, asking } = await account();
    const runId = watched.runIds().find((id) => watched.status(id) === "RUNNING") ?? "";
    const order: Order = { act: "stop", runId, reason: "wrong shop" };
    const planned = await plan(order);
    expect(planned).toMatchObject({
      done: false,
      command: `watchdog abort ${runId} --no-wait --reason 'wrong shop'`.replace(
        "watchdog",
        asking.pasteable("watchdog status").split(" status")[0] ?? "",
      ),
    });
    expect(planned.lines.join(" ")).toContain("acme/shop");
    expect(watched.aborts(runId)).toHaveLength(0);
    expect((await act(order)).lines[0]).toMatch(/^Run \w+ (is being|was) stopped/);
    expect(watched.aborts(runId)).toHaveLength(1);
    expect(await watched.entries(runId)).toContainEqual(
      expect.objectContaining({ kind: "abort.intended", by: "ann@laptop", reason: "wrong shop" }),
    );
    const again = await act(order);
    expect(again).toMatchObject({
      done: false,
      refused: expect.stringMatching(/stopped already|nothing to stop|on its way out/),
    });
  });

  it("lets a run run, ends that, pauses and resumes, undoes a stop", async () => {
    const { plan, act, watched } = await account();
    const runId = watched.runIds().find((id) => watched.status(id) === "RUNNING") ?? "";
    const stop = watched.runIds().find((id) => watched.status(id) === "ABORTED") ?? "";
    const reason = "month end";
    const orders: readonly Order[] = [
      { act: "let-run", runId, until: "6h", ceilingUsd: "20", reason },
      { act: "end-exemption", subject: "run", id: runId, reason },
      { act: "pause", until: "2h", reason },
      { act: "resume", reason },
      { act: "undo", stop, until: "6h", ceilingUsd: "20", reason },
    ];
    for (const order of orders) {
      const planned = await plan(order);
      expect([order.act, planned.refused, planned.lines.length > 0]).toEqual([order.act, undefined, true]);
      const done = await act(order);
      expect([order.act, done.refused, done.done, done.lines.join(" ")]).toEqual([
        order.act,
        undefined,
        true,
        expect.not.stringContaining("undefined"),
      ]);
    }
    expect(watched.status(stop)).toBe("RUNNING");
  });

  it("says that nobody knows of an act that had no answer in time, and of a plan that there was none", async () => {
    const hanging = {
      ask: () => new Promise<never>(() => undefined),
      now: () => new Date(),
      pasteable: (text: string) => text,
    };
    const order: Order = { act: "resume", reason: "over" };
    expect(await carryOut(order, hanging, { isPlan: false, mostMs: 20 })).toMatchObject({
      done: false,
      unknown: "No answer within 0.02 s.",
    });
    expect(await carryOut(order, hanging, { isPlan: true, mostMs: 20 })).toMatchObject({
      done: false,
      refused: "No answer within 0.02 s.",
    });
  });
});
