import { MemoryDatabase } from "../../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { appendOnce } from "../../../src/watchdog/audit/append.ts";
import { makeCheckpoint } from "../../../src/watchdog/audit/make-checkpoint.ts";
import { verifyAll } from "../../../src/watchdog/audit/verify/verify.ts";
import { CONTROL_CHAIN, type EntryDraft, runChain } from "../../../src/watchdog/model/entry.ts";
import { emptyMemory, type LoggedLine } from "../../../src/watchdog/model/ports.ts";
import { pause } from "../../../src/watchdog/policies/operate.ts";
import { at, DAY, MINUTE } from "../../support/builders.ts";
import { chainOf } from "./chains.ts";

export const draftOf = (runId: string, id: string, secs: number): EntryDraft => ({
  entryId: id,
  kind: "abort.held",
  at: at(secs).toISOString(),
  subject: { kind: "run", runId, life: 0 },
  runId,
  by: "watchdog",
  reason: id,
});

/** An audit with a log of checkpoints, whose time the test moves. It begins with a pause, at noon. */
export async function checkpointed() {
  const database = new MemoryDatabase();
  const stores = createMemoryStores({ account: "acme", database });
  let now = at(0);
  let failing: Error | undefined;
  const logged: LoggedLine[] = [];
  const warnings: string[] = [];
  const ports = {
    account: "acme",
    ...stores,
    checkpoints: {
      async append(lines: readonly string[]) {
        if (failing) throw failing;
        logged.push(...lines.map((text) => ({ text, loggedAt: now })));
      },
      async *lines() {
        yield* logged;
      },
    },
    clock: { now: () => now, monotonicMs: () => now.getTime(), sleep: async () => undefined },
    log: { info: () => undefined, warn: (message: string) => void warnings.push(message) },
    newTickId: () => String(now.getTime()),
    memory: emptyMemory(),
  };
  await pause(ports, { by: "ann", reason: "incident" });
  return {
    ports,
    logged,
    warnings,
    /** As tables that somebody can write to as they please. */
    rows: database.account("acme"),
    goTo: (secs: number) => {
      now = at(secs);
    },
    fail: (error: Error | undefined) => {
      failing = error;
    },
    append: (runId: string, id: string, secs: number) =>
      appendOnce(ports, runChain(runId), draftOf(runId, id, secs)),
    /** As a tick does it. */
    tick: (mostEntries?: number) => makeCheckpoint(ports, "tick", mostEntries),
    made: async () =>
      (await stores.audit.readChain(CONTROL_CHAIN))
        .map(({ text }) => JSON.parse(text))
        .filter(({ kind }) => kind === "audit.checkpoint"),
    findings: async () =>
      (await verifyAll(ports)).findings.map(
        ({ chain, sequence, problem }) => `${chain} ${sequence ?? "-"}: ${problem}`,
      ),
  };
}

type Checkpointed = Awaited<ReturnType<typeof checkpointed>>;

/** Two runs with entries of an hour after noon, a checkpoint of the day after, and one of the day after that. */
export async function twoDays(): Promise<Checkpointed> {
  const audit = await checkpointed();
  audit.goTo(60 * MINUTE);
  for (const runId of ["run1", "run2"]) {
    await audit.append(runId, `${runId}-a`, 60 * MINUTE);
    await audit.append(runId, `${runId}-b`, 61 * MINUTE);
  }
  for (const day of [1, 2]) {
    audit.goTo(day * DAY + 10 * MINUTE);
    await audit.tick();
  }
  return audit;
}

/** Puts a whole chain in the place of another, and its head with it: what nothing within the tables shows. */
export function rewrite({ rows }: Checkpointed, runId: string, drafts: readonly EntryDraft[]): void {
  const { stored, head } = chainOf(drafts, runChain(runId));
  rows.chains.set(runChain(runId), [...stored]);
  rows.runs.set(runId, head ? { head } : {});
}
