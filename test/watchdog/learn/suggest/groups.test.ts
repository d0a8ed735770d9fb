import { describe, expect, it } from "vitest";
import { groupsOf } from "../../../../src/watchdog/learn/suggest/groups.ts";
import { suggest } from "../../../../src/watchdog/learn/suggest/suggest.ts";
import { ACTOR, past, steady, TASK } from "../past-runs.ts";

const sized = (at: number, memoryMbytes: number) => past(at, 1, { settings: { memoryMbytes } });
const own = ({ run, ...rest }: ReturnType<typeof past>) => {
  const { actorTaskId: _none, ...alone } = run;
  return { ...rest, run: alone };
};
const told = (runs: Parameters<typeof groupsOf>[0]) =>
  groupsOf(runs).map(({ subject: { kind, id, memoryMbytes }, past: of }) => [
    kind,
    id,
    memoryMbytes,
    of.length,
  ]);

describe("groupsOf()", () => {
  it("keeps a task's runs apart from those that the Actor has without one", () => {
    expect(told([past(0, 1), own(past(1, 1)), past(2, 1)])).toEqual([
      ["task", TASK, undefined, 2],
      ["actor", ACTOR, undefined, 1],
    ]);
  });

  it("splits by memory where each run's is recorded and there are several", () => {
    expect(told([sized(0, 4096), sized(1, 1024), sized(2, 4096)])).toEqual([
      ["task", TASK, 4096, 2],
      ["task", TASK, 1024, 1],
    ]);
    expect(told([sized(0, 4096), sized(1, 1024), past(2, 1)])).toEqual([["task", TASK, undefined, 3]]);
    expect(told([sized(0, 4096), sized(1, 4096)])).toEqual([["task", TASK, undefined, 2]]);
  });
});

describe("suggest()", () => {
  it("says of each subject a limit, or why there is none", () => {
    const found = suggest({ runs: [...steady(30), own(past(100, 1))] }, "usd");
    expect(found.suggestions.map(({ subject, limit }) => [subject.id, limit])).toEqual([[TASK, 4_000_000]]);
    expect(found.refused.map(({ subject, because }) => [subject.id, because])).toEqual([[ACTOR, "few"]]);
  });

  it("takes five hundred tasks in one go", () => {
    const runs = Array.from({ length: 500 }, (_, task) =>
      steady(40).map(({ run, ...rest }) => ({ ...rest, run: { ...run, actorTaskId: `task${task}` } })),
    ).flat();
    expect(suggest({ runs }, "usd").suggestions).toHaveLength(500);
  });
});
