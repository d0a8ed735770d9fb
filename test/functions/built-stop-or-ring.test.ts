import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import pLimit from "p-limit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildFunctions } from "../../functions/build.ts";
import { RunWatchdog } from "../../infra/run-watchdog.ts";
import { textOf } from "../infra/digest.ts";
import { engineMissing } from "../support/engine.ts";
import type { AlarmProperties } from "../support/ring/evaluate.ts";
import { type Alarms, type Outcome, play } from "../support/ring/play.ts";
import { ROWS } from "../support/ring/rows.ts";

/** Most of them wait. */
const AT_ONCE = 6;

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
  const functions = Object.keys(template.findResources("AWS::Lambda::Function"));
  return { byName, functionName: functions.find((id) => id.startsWith("WatchdogFunction")) ?? "" };
}

describe.skipIf(engineMissing)(`stop, or ring ${engineMissing ?? ""}`, () => {
  const outcomes = new Map<(typeof rows)[number], Promise<Outcome>>();

  beforeAll(async () => {
    await buildFunctions();
    const alarms = alarmsOfTemplate();
    const limit = pLimit(AT_ONCE);
    for (const row of rows) {
      const played = limit(() => play(row, alarms));
      // Whoever asks for it will see it fail.
      played.catch(() => undefined);
      outcomes.set(row, played);
    }
  });

  it.each(rows)("$operation: $how", async (row) => {
    const outcome = await outcomes.get(row);
    expect(outcome?.before).toEqual([]);
    expect(outcome?.met).toBeGreaterThan(0);
    expect(outcome?.isStopped || outcome?.ringing).not.toEqual([]);
  });

  afterAll(async () => {
    for (const [{ operation, how }, played] of outcomes) {
      const outcome = await played.catch(() => undefined);
      const { isStopped, ringing, met, timeouts } = outcome ?? {};
      console.log(
        [operation, how, isStopped ? "stopped" : `rings: ${ringing?.join(", ")}`, met, timeouts].join(" | "),
      );
      if (process.env.RING_OUTPUT) console.log(outcome?.output);
    }
  });
});
