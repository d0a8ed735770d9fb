import { readFileSync } from "node:fs";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import pLimit from "p-limit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildFunctions } from "../../functions/build.ts";
import { RunWatchdog } from "../../infra/run-watchdog.ts";
import { textOf } from "../infra/digest.ts";
import { engineMissing } from "../support/engines/engine.ts";
import type { AlarmProperties } from "../support/ring/evaluate.ts";
import { type Alarms, healthyTick, type Outcome, play } from "../support/ring/play.ts";
import { ENDPOINTS, REQUESTS, ROWS } from "../support/ring/rows.ts";

/** Most of them wait. */
const AT_ONCE = 5;

const wanted = (process.env.RING ?? "").split(",");
const rows = ROWS.filter(({ operation }) => wanted.some((part) => operation.includes(part)));

/** The template's own alarms, by the section of the runbook that each names. */
function alarmsOfTemplate(): Alarms {
  const stack = new Stack(new App(), "Stack");
  new RunWatchdog(stack, "Watchdog", { stopEmail: "ops@example.com" });
  const template = Template.fromStack(stack);
  const found = Object.values(template.findResources("AWS::CloudWatch::Alarm"));
  const byName = new Map<string, AlarmProperties>(
    found.map(({ Properties }) => [
      /#([\w-]+)$/.exec(textOf(Properties.AlarmDescription))?.[1] ?? "",
      Properties,
    ]),
  );
  const idOf = (type: string, begins = ""): string =>
    Object.keys(template.findResources(type)).find((id) => id.startsWith(begins)) ?? "";
  return {
    byName,
    functionName: idOf("AWS::Lambda::Function", "WatchdogFunction"),
    queueName: idOf("AWS::SQS::Queue", "WatchdogStopsChannelsMailGivenUp"),
  };
}

describe.skipIf(engineMissing)(`stop, or ring ${engineMissing ?? ""}`, () => {
  const outcomes = new Map<(typeof rows)[number], Promise<Outcome>>();

  beforeAll(async () => {
    await buildFunctions();
    const alarms = alarmsOfTemplate();
    const healthy = await healthyTick(alarms.functionName);
    expect(healthy.isError, healthy.output).toBe(false);
    const limit = pLimit(AT_ONCE);
    for (const row of rows) {
      const played = limit(() => play(row, alarms, healthy));
      // Whoever asks for it will see it fail.
      played.catch(() => undefined);
      outcomes.set(row, played);
    }
    // A synthesis takes long on a busy machine.
  }, 300_000);

  it.each(rows)("$operation: $how", async (row) => {
    const outcome = await outcomes.get(row);
    if (outcome === undefined) throw new Error("it was not played");
    const { isStopped, ringing, before, met, unexplained } = outcome;
    expect(before, "nothing rings before").toEqual([]);
    expect(met, "how often the failure was met").toBeGreaterThan(0);
    if (row.sandbox?.code === undefined) expect(unexplained, "killed without having logged why").toBe(0);
    expect(isStopped ? ["stopped"] : ringing, "stopped, or an alarm").not.toEqual([]);
    if (row.areNoticesGivenUp)
      expect({ isStopped, ringing }).toEqual({ isStopped: true, ringing: ["undelivered"] });
  });

  it("leaves out nothing that a tick was seen to ask of Apify and DynamoDB", async () => {
    const asked = (await Promise.all(outcomes.values())).map((outcome) => outcome.asked);
    const kinds = ENDPOINTS.flatMap(({ match }) => match.kind ?? []);
    expect(
      asked.flatMap(({ apify }) => apify).filter((kind) => !kinds.some((each) => each === kind)),
    ).toEqual([]);
    const operations = new Set(asked.flatMap(({ dynamo }) => dynamo));
    expect([...operations].filter((operation) => !Object.hasOwn(REQUESTS, operation))).toEqual([]);
  });

  it("is shown to people, each operation by its name", () => {
    const page = readFileSync(new URL("../../docs/safety.md", import.meta.url), "utf8");
    for (const { operation } of ROWS) expect(page).toContain(`| ${operation}`);
  });

  /** For people: `RING_TABLE=1`, and `RING=SNS,Apify` for some of it. */
  afterAll(async () => {
    if (!process.env.RING_TABLE) return;
    for (const [{ operation, how }, played] of outcomes) {
      const { isStopped, ringing = [], met, timeouts } = (await played.catch(() => undefined)) ?? {};
      const rings = ringing.length > 0 ? `rings: ${ringing.join(", ")}` : "";
      const came = [isStopped ? "stopped" : "", rings].filter(Boolean).join("; ");
      console.log(`| ${[operation, how, came, met, timeouts].join(" | ")} |`);
    }
  });
});
