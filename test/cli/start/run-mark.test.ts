import { describe, expect, it } from "vitest";
import { markOf } from "../../../cli/start/run-mark.ts";
import type { RunScript } from "../../../emulator/index.ts";
import { queryRuns } from "../../../src/watchdog/explain/query.ts";
import { pause } from "../../../src/watchdog/policies/operate.ts";
import { costRule, fiveUsd, OBSERVED } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, OVER_5_USD, worldOf } from "../../support/world.ts";

type Case = {
  readonly run: RunScript;
  readonly policy?: Record<string, unknown>;
  readonly paused?: boolean;
  readonly exempt?: readonly boolean[];
};

/** The mark of the only run, after a tick. */
async function markAfterTick({ run, policy = fiveUsd(), paused = false, exempt }: Case) {
  const watched = await watch(worldOf(run), { policy });
  if (paused) await pause(watched.ports, { by: "ana", reason: "a release" });
  const { decisions } = await watched.tick();
  const [view] = (await queryRuns(watched.ports)).runs;
  if (view === undefined) throw new Error("No run is live.");
  const shares = view.shares.map((share, at) => ({ ...share, exempt: exempt?.[at] ?? share.exempt }));
  return markOf({ ...view, shares }, decisions);
}

const twoRules = fiveUsd({ rules: [costRule(5), costRule(9, { id: "more" })] });

describe("the mark of a run", () => {
  it.each<Case & { readonly what: string; readonly word: string | undefined; readonly text?: string }>([
    { what: "watched, below its limits", run: HEALTHY, word: undefined },
    {
      what: "being stopped",
      run: { ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } },
      word: "stopping",
    },
    { what: "over a limit under observe", run: OVER_5_USD, policy: OBSERVED, word: "would stop" },
    {
      what: "over a limit while paused",
      run: OVER_5_USD,
      paused: true,
      word: "PAUSED",
      text: "PAUSED: the watchdog is paused",
    },
    {
      what: "over a limit, with no abort allowed",
      run: OVER_5_USD,
      policy: fiveUsd({ guards: { maxAborts: { perTick: 0 } } }),
      word: "held",
      text: "held: as many runs as maxAborts.perTick allows were stopped in this tick",
    },
    { what: "exempt of all its rules", run: HEALTHY, policy: twoRules, exempt: [true, true], word: "exempt" },
    {
      what: "exempt of one of two",
      run: HEALTHY,
      policy: twoRules,
      exempt: [true, false],
      word: "part exempt",
    },
    {
      what: "Standby, which no rule names",
      run: { ...HEALTHY, origin: "STANDBY" },
      word: "no Standby rule",
      text: "Standby: no rule names it",
    },
    {
      what: "of an Actor that no rule is for",
      run: HEALTHY,
      policy: fiveUsd({ rules: [costRule(5, { for: { actors: ["acme/nightly-archive"] } })] }),
      word: "no limit",
      text: "no rule is for it",
    },
    {
      what: "of an unknown cost",
      run: { ...HEALTHY, costMissing: "absent" },
      word: "no limit",
      text: "not known: Apify reports no usageTotalUsd for this run",
    },
    { what: "in the queue", run: { ...HEALTHY, readyForMs: 3 * HOUR }, word: "queued" },
  ])("that is $what is $word", async ({ word, text, ...given }) => {
    const mark = await markAfterTick(given);
    expect(mark?.word).toBe(word);
    if (text !== undefined) expect(mark?.text).toBe(text);
  });
});
