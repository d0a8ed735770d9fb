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
