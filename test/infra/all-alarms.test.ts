import { readFileSync } from "node:fs";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { describe, expect, it } from "vitest";
import { COMPLETE_METRIC } from "../../functions/contract.ts";
import type { AlarmName } from "../../infra/alarm-props.ts";
import { longestGap } from "../../infra/alarms/longest-gap.ts";
import { textOf } from "./digest.ts";
import { propertiesOf, stackWith, watchdogWith } from "./support.ts";

const ALARM = "AWS::CloudWatch::Alarm";
const stopEmail = "ops@example.com";
const page = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");

/** The alarms of a template, by the section that their description names. */
const alarmsIn = (template: ReturnType<typeof stackWith>) =>
  new Map(
    Object.values(template.findResources(ALARM)).map(({ Properties }) => {
      const description = textOf(Properties.AlarmDescription);
      return [/docs\/runbook\.md#([\w-]+)$/.exec(description)?.[1] ?? description, description];
    }),
  );

const sections = [...page("runbook.md").matchAll(/^## (.+)$/gm)].map(([, title = ""]) =>
  title.toLowerCase().replaceAll(" ", "-"),
);

describe("the alarms", () => {
  it("each have a section in the runbook, and there is none for another", () => {
    const { template } = watchdogWith({ stopEmail });
    expect([...alarmsIn(template()).keys()].sort()).toEqual([...sections].sort());
  });

  it("each have their price on the page of costs", () => {
    const cost = page("cost.md");
    for (const name of sections) expect(cost).toContain(`| \`${name}\` |`);
  });

  it("say what they mean in what CloudWatch takes for a description", () => {
    const account = "a".repeat(64);
    for (const description of alarmsIn(watchdogWith({ stopEmail, account }).template()).values())
      expect(description.length).toBeLessThan(1024 - 100);
  });

  it.each(sections)("can be left out one by one: %s", (name) => {
    const without = watchdogWith({ stopEmail, withoutAlarms: [name as AlarmName] });
    const left = [...alarmsIn(without.template()).keys()];
    expect(left.sort()).toEqual(sections.filter((each) => each !== name).sort());
    expect(without.watchdog.alarms).toHaveLength(sections.length - 1);
    expect(without.watchdog.attentionAlarm === undefined).toBe(name === "attention");
  });

  it("are left out by a setting, too", () => {
    const left = alarmsIn(stackWith({ stopEmail, withoutAlarms: "throttles, errors" }));
    expect([...left.keys()].sort()).toEqual(
      sections.filter((name) => !["throttles", "errors"].includes(name)).sort(),
    );
  });

  it("that there are not are refused by name", () => {
    expect(() => stackWith({ withoutAlarms: "throttle" })).toThrow(
      'withoutAlarms: there is no alarm "throttle": did you mean throttles?',
    );
  });

  it("on channels are made only where there is one, and those on the audit's stream where that is known", () => {
    const namesIn = (template: ReturnType<typeof stackWith>) => [...alarmsIn(template).keys()].sort();
    const withoutChannel = sections.filter((name) => name !== "waiting-notices").sort();
    expect(namesIn(watchdogWith().template())).toEqual(withoutChannel);
    expect(namesIn(stackWith({ auditTable: "old-audit" }))).toEqual(
      withoutChannel.filter((name) => !["undelivered", "late-notices", "tampering"].includes(name)),
    );
  });
});

describe("the alarm on complete ticks", () => {
  const alarm = (schedule?: string) =>
    propertiesOf(
      watchdogWith({
        account: "acme",
        ...(schedule && { schedule: ScheduleExpression.expression(schedule) }),
      }).template(),
      ALARM,
      "WatchdogNoCompleteTick",
    );

  it("rings after three periods without one, and where nothing was ever emitted", () => {
    expect(alarm()).toMatchObject({
      ComparisonOperator: "LessThanThreshold",
      Threshold: 1,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      TreatMissingData: "breaching",
      Metrics: [
        { Expression: "FILL(complete, 0)" },
        {
          ReturnData: false,
          MetricStat: {
            Stat: "Sum",
            Period: 60,
            Metric: {
              Namespace: COMPLETE_METRIC.namespace,
              MetricName: COMPLETE_METRIC.name,
              Dimensions: [
                { Name: "account", Value: "acme" },
                { Name: "function", Value: { Ref: expect.stringMatching(/^WatchdogFunction/) } },
              ],
            },
          },
        },
      ],
    });
  });

  it.each([
    ["rate(1 minute)", 1],
    ["rate(5 minutes)", 5],
    ["rate(1 day)", 24 * 60],
    ["cron(* * * * ? *)", 1],
    ["cron(0/2 6-22 * * ? *)", 7 * 60 + 2],
    ["cron(0,30 * * * ? *)", 30],
    ["cron(10 8 * * ? *)", 24 * 60],
    ["cron(0/25 * ? JAN-DEC SUN-SAT *)", 25],
    ["cron(0 22-2 * * ? *)", 20 * 60],
    ["cron(0 0/6 1-31 * ? *)", 6 * 60],
  ])("has the longest gap of the schedule for a period: %s", (schedule, minutes) => {
    expect(alarm(schedule).Metrics[1].MetricStat.Period).toBe(minutes * 60);
  });

  it.each(["rate(2 days)", "cron(0 8 ? * MON-FRI *)", "cron(0 8 L * ? *)", "cron(* * * * ? 2026)"])(
    "can't be where a gap is longer than a day, which is said at synth: %s",
    (text) => {
      const schedule = ScheduleExpression.expression(text);
      expect(longestGap(schedule)).toBeUndefined();
      const warned = (withoutAlarms: readonly AlarmName[]) => {
        const { stack, template } = watchdogWith({ schedule, withoutAlarms });
        expect(alarmsIn(template()).has("no-complete-tick")).toBe(false);
        const pattern = Match.stringLikeRegexp("no alarm will ring when ticks stop");
        return Annotations.fromStack(stack).findWarning("*", pattern).length;
      };
      expect(warned([])).toBe(1);
      expect(warned(["no-complete-tick"])).toBe(0);
    },
  );
});
