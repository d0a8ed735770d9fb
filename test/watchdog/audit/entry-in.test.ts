import { expect, it } from "vitest";
import { VerdictTally } from "../../../src/watchdog/audit/verdicts.ts";

it.each(["", "{", "null", "7", "{}"])("a verdict whose text was changed to %j is passed over", (text) => {
  const verdicts = new VerdictTally();
  const said = {
    kind: "stop.judged",
    entryId: "e2",
    intentId: "e1",
    runId: "run-1",
    subject: { kind: "run", runId: "run-1", life: 0 },
    at: "2026-11-25T06:00:00.000Z",
    by: "ops",
    change: { verdict: "wrong" },
  };
  const copies = { entryId: said.entryId, kind: said.kind, at: said.at };
  const stored = (own: string) => ({ copies, text: own });
  verdicts.note(stored(JSON.stringify(said)));
  verdicts.note(stored(text));
  expect([...verdicts.byRun.keys()]).toEqual(["run-1"]);
});

it("a verdict says nothing of another life of the run, and the last one of a life counts", () => {
  const verdicts = new VerdictTally();
  const subject = (life: number) => ({ kind: "run", runId: "run-1", life }) as const;
  const said = (entryId: string, life: number, verdict: string) => {
    const entry = {
      kind: "stop.judged",
      entryId,
      intentId: `stop-${life}`,
      runId: "run-1",
      change: { verdict },
    };
    const copies = { entryId, kind: entry.kind, at: "2026-11-25T06:00:00.000Z" };
    verdicts.note({ copies, text: JSON.stringify({ ...entry, at: copies.at, subject: subject(life) }) });
  };
  said("e1", 0, "right");
  said("e2", 0, "wrong");
  said("e3", 1, "right");
  const on = (life: number) => verdicts.on({ subject: subject(life) })?.verdict;
  expect([on(0), on(1), on(2)]).toEqual(["wrong", "right", undefined]);
  expect(verdicts.byRun.get("run-1")?.verdict).toBe("right");
  expect(verdicts.on({ subject: { kind: "control" } })).toBeUndefined();
});
