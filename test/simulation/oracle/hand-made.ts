import type { TrueRun } from "../../../emulator/index.ts";
import { canonical, type EntryFields, sha256 } from "./entry-text.ts";
import type { History, SeenCall, SeenDetail, SeenEntry, SeenLedger, SeenTick, Violation } from "./history.ts";
import { Oracle } from "./oracle.ts";

/** Noon of a fixed day: the zero of every time in a hand-made history. */
const NOON = Date.parse("2026-09-01T12:00:00.000Z");
export const RUN: TrueRun = {
  id: "r1",
  actorId: "a1",
  actorName: "acme/shop",
  origin: "API",
  lives: [{ startedAtMs: NOON - 600_000 }],
};

export const POLICY = {
  version: 1,
  mode: "enforce",
  escalation: { forceAfter: "60s", alarmAfter: "5m" },
  guards: { maxAborts: { perTick: 2, perHour: 3, percentOfLive: 100 } },
  rules: [{ id: "cost", limit: { usageTotalUsd: 5 }, steps: [{ at: "100%", do: "abort" }] }],
};

/** A history written line by line, in seconds after noon, to show the oracle what it must and must not object to. */
export class HandMade implements History {
  readonly account = "sim";
  readonly calls: SeenCall[] = [];
  readonly entries: SeenEntry[] = [];
  readonly ticks = new Map<string, SeenTick>();
  readonly #runs: TrueRun[];
  readonly #policies: unknown[] = [];
  readonly #listedAs = new Map<string, string>();
  readonly #recorded: SeenLedger["runs"][number][] = [];
  readonly #oracle = new Oracle(this);
  #nowMs = NOON;

  constructor(runs: readonly TrueRun[] = [RUN]) {
    this.#runs = [...runs];
    this.push(-60, POLICY);
  }

  get truth(): History["truth"] {
    return {
      calls: this.calls,
      schedules: () => [],
      runs: () => this.#runs,
      costUsdAt: () => 6,
      reportedUsdAt: () => 6,
      listedStatusAt: (runId) => this.#listedAs.get(runId) ?? "RUNNING",
    };
  }

  ledger = (): SeenLedger => ({ cells: new Map(), slots: new Map(), runs: this.#recorded, live: [] });
  recordings = (): number => 0;
  nowMs = (): number => this.#nowMs;
  policyText = (version: number): string | undefined => JSON.stringify(this.#policies[version - 1]);

  /** What a run has really come to. */
  becomes(lives: TrueRun["lives"], id = "r1"): this {
    const index = this.#runs.findIndex((run) => run.id === id);
    this.#runs[index] = { ...(this.#runs[index] ?? RUN), lives };
    return this;
  }

  /** Lists give the run this status all the while. */
  listedAs(status: string, runId = "r1"): this {
    this.#listedAs.set(runId, status);
    return this;
  }

  /** The ledger has so much of it. */
  recorded(spentMicroUsd: number, runId = "r1"): this {
    this.#recorded.push({ runId, spender: "[]", spentMicroUsd, settled: true, version: 1 });
    return this;
  }

  deleted(atSecs: number, runId = "r1"): this {
    return this.#call(atSecs, "user", {
      kind: "delete",
      runId,
      status: 204,
      effect: "none",
      authorised: true,
    });
  }

  tick(
    by: string,
    fromSecs: number,
    untilSecs: number,
    reported: Pick<SeenTick, "attention" | "isComplete" | "endsByMs" | "how" | "liveWrittenMs"> = {},
  ): this {
    const [startedAtMs, endedAtMs] = [NOON + fromSecs * 1_000, NOON + untilSecs * 1_000];
    const wroteMs = { lastWriteMs: endedAtMs, liveWrittenMs: [endedAtMs] };
    this.ticks.set(by, { by, tickId: by, startedAtMs, endedAtMs, ...wroteMs, how: "done", ...reported });
    return this;
  }

  push(atSecs: number, policy: unknown): this {
    this.#policies.push(policy);
    return this.control(atSecs, "policy.pushed", { version: this.#policies.length });
  }

  control(atSecs: number, kind: string, change: Record<string, unknown>): this {
    return this.entry(
      atSecs,
      { kind, subject: { kind: "control" }, change, by: "olga", chain: "control" },
      "op",
    );
  }

  /** Somebody was shown a run, a tenth of a second after asking, and had the answer another tenth later. */
  shown(
    atSecs: number,
    status: string,
    usageTotalUsd?: number,
    { by = "t1", runId = "r1", detail }: { by?: string; runId?: string; detail?: Partial<SeenDetail> } = {},
  ): this {
    const usage = usageTotalUsd === undefined ? {} : { usageTotalUsd };
    const shown = { [runId]: { status, ...usage } } as NonNullable<SeenCall["shown"]>;
    return this.#call(atSecs, by, {
      kind: "get",
      runId,
      status: 200,
      effect: "none",
      authorised: true,
      shown,
      ...(detail && { detail: { stats: {}, settings: {}, ...detail } }),
    });
  }

  /** Somebody listed what is live, and was shown nothing; `neverArrived`: by something in Apify's place. */
  listed(atSecs: number, { by = "t1", neverArrived = false } = {}): this {
    const lie = neverArrived && { neverArrived };
    return this.#call(atSecs, by, {
      kind: "list",
      status: 200,
      effect: "none",
      authorised: true,
      shown: {},
      ...lie,
    });
  }

  /** Somebody was told what the last runs of the Actor that ended well had cost; they ended an hour before. */
  typical(atSecs: number, costs: readonly number[], { by = "t1" } = {}): this {
    const runs = costs.map((usageTotalUsd) => ({
      startedAtMs: NOON - 3_660_000,
      finishedAtMs: NOON - 3_600_000,
      usageTotalUsd,
    }));
    const successes = { of: "actors", id: RUN.actorId, runs } as const;
    return this.#call(atSecs, by, {
      kind: "list",
      status: 200,
      effect: "none",
      authorised: true,
      successes,
      isOfTypical: true,
    });
  }

  abort(atSecs: number, { by = "t1", gracefully = true, runId = "r1", isTaken = true } = {}): this {
    const shown = { [runId]: { status: "ABORTING" as const } };
    return this.#call(atSecs, by, {
      kind: "abort",
      runId,
      gracefully,
      status: isTaken ? 200 : "reset",
      effect: isTaken ? "aborting" : "none",
      authorised: true,
      ...(isTaken && { shown }),
    });
  }

  resurrect(atSecs: number, { by = "op", runId = "r1" } = {}): this {
    const shown = { [runId]: { status: "RUNNING" as const } };
    return this.#call(atSecs, by, {
      kind: "resurrect",
      runId,
      status: 200,
      effect: "resurrected",
      authorised: true,
      shown,
    });
  }

  intend(atSecs: number, more: Partial<EntryFields> = {}): this {
    return this.entry(atSecs, { kind: "abort.intended", entryId: "i1", ...more });
  }

  /** An entry about an intent. */
  about(atSecs: number, kind: string, more: Partial<EntryFields> = {}): this {
    return this.entry(atSecs, { kind, intentId: "i1", ...more });
  }

  entry(atSecs: number, more: Partial<EntryFields>, by = "t1", spoil: Partial<SeenEntry> = {}): this {
    const runId = more.runId ?? "r1";
    const chain = more.chain ?? `run#${runId}`;
    const tail = this.entries.findLast((each) => each.chain === chain);
    const at = new Date(NOON + atSecs * 1_000).toISOString();
    const ofRun = {
      subject: { kind: "run", runId, life: 0 },
      runId,
      ruleId: "cost",
      step: { at: 100, do: "abort" },
      policyVersion: this.#policies.length,
      evidence: evidenceAt(-1),
      tickId: by,
    };
    const fields = {
      ...(chain === "control" ? {} : ofRun),
      entryId: `e${this.entries.length}`,
      at,
      account: "sim",
      chain,
      sequence: (tail?.sequence ?? 0) + 1,
      previous: tail?.hash ?? "0".repeat(64),
      by: "watchdog",
      ...more,
    };
    const text = canonical(JSON.parse(JSON.stringify(fields)));
    const commitMs = NOON + atSecs * 1_000;
    const seen = { commitMs, by, chain, sequence: fields.sequence, text, hash: sha256(text) };
    this.#nowMs = Math.max(this.#nowMs, commitMs);
    this.entries.push({ ...seen, ...spoil });
    this.#oracle.look();
    return this;
  }

  #call(atSecs: number, by: string, call: Omit<SeenCall, "atMs" | "by" | "leftAtMs">): this {
    const leftAtMs = NOON + atSecs * 1_000;
    this.#nowMs = Math.max(this.#nowMs, leftAtMs + 200);
    this.#introduce(by, leftAtMs - 1);
    const over = { deliveredAtMs: leftAtMs + 200, overAtMs: leftAtMs + 200 };
    this.calls.push({ ...call, by, leftAtMs, atMs: leftAtMs + 100, ...over });
    this.#oracle.look();
    return this;
  }

  /** Whoever asks for anything has asked first whose its token is. */
  #introduce(by: string, atMs: number): void {
    if (this.calls.some((call) => call.by === by)) return;
    const at = { atMs, leftAtMs: atMs, deliveredAtMs: atMs, overAtMs: atMs };
    this.calls.push({ kind: "user", status: 200, effect: "none", authorised: true, by, ...at });
  }

  /** Everything that the oracle objects to, as `P1 …`. */
  broken(): readonly string[] {
    return this.#oracle.violations.map(told);
  }

  /** The same, with what is to be said at the end, `calmSecs` after noon. */
  brokenAtEnd(atSecs: number): readonly string[] {
    this.#nowMs = NOON + atSecs * 1_000;
    this.#oracle.end(NOON);
    return this.broken();
  }
}

const told = ({ promise, text }: Violation): string => `${promise} ${text}`;

/** What `shown(…, 6)` at that second amounts to. */
export const evidenceAt = (secs: number) => ({
  metric: "usageTotalUsd",
  measured: 6,
  limit: 5,
  unit: "USD",
  observedAt: new Date(NOON + secs * 1_000).toISOString(),
  source: "detail",
  basis: "actual",
});

export const secs = (afterNoon: number): number => NOON + afterNoon * 1_000;
