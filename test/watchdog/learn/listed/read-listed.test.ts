import { describe, expect, it } from "vitest";
import type { Run } from "../../../../src/policy/index.ts";
import type { KeptList, ListedPart } from "../../../../src/watchdog/learn/listed/listed.ts";
import { readListed } from "../../../../src/watchdog/learn/listed/read-listed.ts";
import { ApifyError } from "../../../../src/watchdog/model/errors.ts";
import type {
  ListPlace,
  Reading,
  RunFilter,
  RunsOnApify,
  RunsPage,
} from "../../../../src/watchdog/model/ports.ts";
import { past, START } from "../past-runs.ts";

const HOUR = 3_600_000;
const NEVER = new AbortController().signal;
const PAGE = 100;
const at = (hours: number): Date => new Date(START + hours * HOUR);
const none = (): never => {
  throw new Error("not asked for");
};

/** Apify's list of a run an hour, at an instant, which counts what it is asked. */
function listOf(all: readonly Run[], now: Date, failAt = Number.POSITIVE_INFINITY) {
  const asked = { pages: 0, items: 0, runs: [] as string[] };
  const apify: RunsOnApify = {
    listRuns: none,
    async runsPage(
      { startedAfter, startedBefore }: RunFilter,
      place: ListPlace | undefined,
    ): Promise<RunsPage> {
      if (++asked.pages > failAt)
        throw new ApifyError("down", { status: 503, type: "down", retryable: true, attempt: 4, path: "/" });
      const after = place?.after ?? startedAfter ?? now;
      const found = all.filter((run) => run.startedAt >= after && run.startedAt <= (startedBefore ?? now));
      const runs = found.slice(0, PAGE);
      const last = runs.at(-1);
      asked.items += runs.length;
      const next = found.length > PAGE && last && { next: { after: last.startedAt, offset: 0 } };
      return { runs, observedAt: now, malformed: 0, ...next };
    },
    async readRun(id): Promise<Reading> {
      asked.runs.push(id);
      const run = all.find((each) => each.id === id);
      return run ? { kind: "found", run, observedAt: now, sentMs: 0 } : { kind: "missing", observedAt: now };
    },
  };
  const clock = { now: () => now, monotonicMs: () => 0, sleep: async () => undefined };
  return { ports: { apify, clock }, asked };
}

function memoryList(): KeptList & { readonly parts: ListedPart[] } {
  const parts: ListedPart[] = [];
  return { parts, read: () => [...parts], add: (part) => void parts.push(part) };
}

const runs = (hours: number): readonly Run[] => Array.from({ length: hours }, (_, i) => past(i, 1).run);
const ids = (listed: Awaited<ReturnType<typeof readListed>>, until: Date): readonly string[] =>
  [...listed.within({ from: at(0), until })].map(({ run }) => run.id);

describe("readListed()", () => {
  it("asks the second time only for the last two days, and knows the same as one that reads all", async () => {
    const kept = memoryList();
    const first = listOf(runs(720), at(720));
    await readListed(first.ports, { from: at(0), until: at(720) }, NEVER, { kept });
    expect(first.asked.pages).toBe(8);
    const second = listOf(runs(744), at(744));
    const found = await readListed(second.ports, { from: at(0), until: at(744) }, NEVER, { kept });
    expect(second.asked).toEqual({ pages: 1, items: 71, runs: [] });
    expect(ids(found, at(744))).toHaveLength(744);
    const another = await readListed(
      listOf(runs(744), at(744)).ports,
      { from: at(0), until: at(744) },
      NEVER,
    );
    expect(ids(found, at(744)).toSorted()).toEqual(ids(another, at(744)).toSorted());
  });

  it("goes on after a failure with the page that failed", async () => {
    const kept = memoryList();
    const failing = listOf(runs(720), at(2_000), 5);
    const span = { from: at(0), until: at(720) };
    await expect(readListed(failing.ports, span, NEVER, { kept })).rejects.toThrow("down");
    const again = listOf(runs(720), at(2_000));
    expect(ids(await readListed(again.ports, span, NEVER, { kept }), at(720))).toHaveLength(720);
    expect(again.asked.pages).toBe(3);
  });

  it("lists an earlier time that is asked for later, and nothing in between again", async () => {
    const kept = memoryList();
    await readListed(listOf(runs(720), at(2_000)).ports, { from: at(300), until: at(400) }, NEVER, { kept });
    const { ports, asked } = listOf(runs(720), at(2_000));
    const found = await readListed(ports, { from: at(250), until: at(450) }, NEVER, { kept });
    expect(ids(found, at(450))).toHaveLength(201);
    expect(asked.items).toBe(51 + 50);
  });

  it("reads those alone again that had not ended a day before they were listed", async () => {
    const kept = memoryList();
    const live = past(3, 1, { status: "RUNNING", startedAt: at(3) }).run;
    const listed = runs(720).map((run) => (run.id === live.id ? live : run));
    await readListed(listOf(listed, at(720)).ports, { from: at(0), until: at(720) }, NEVER, { kept });
    const ended = runs(720).map((run) => (run.id === live.id ? { ...run, usageTotalMicroUsd: 9 } : run));
    const { ports, asked } = listOf(ended, at(800));
    const found = await readListed(ports, { from: at(0), until: at(720) }, NEVER, { kept });
    expect(asked.runs).toEqual(["run3"]);
    const seen = [...found.within({ from: at(3), until: at(3) })].map(({ run }) => run.usageTotalMicroUsd);
    expect(seen).toEqual([9]);
    const third = listOf(ended, at(800));
    await readListed(third.ports, { from: at(0), until: at(720) }, NEVER, { kept });
    expect(third.asked.runs).toEqual([]);
  });
});
