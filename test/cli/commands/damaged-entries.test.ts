import { describe, expect, it } from "vitest";
import type { AuditStore, StoredEntry } from "../../../src/watchdog/model/ports.ts";
import { instead } from "../../support/instead.ts";
import { afterStops, cli } from "../support.ts";

/** After two stops, of which the text of the first run's second entry was destroyed. */
async function damaged() {
  const watched = await afterStops();
  const [runId = "", other = ""] = watched.runIds();
  const { audit } = watched.ports;
  const spoil = (stored: StoredEntry): StoredEntry =>
    stored.chain.endsWith(runId) && stored.sequence === 2 ? { ...stored, text: "{" } : stored;
  const spoiled: Partial<AuditStore> = {
    readChain: async (chain) => (await audit.readChain(chain)).map(spoil),
    async *list(span) {
      for await (const stored of audit.list(span)) yield spoil(stored);
    },
  };
  const connection = { ports: { ...watched.ports, audit: instead(audit, spoiled) } };
  return { runId, other, run: (...argv: string[]) => cli(watched, argv, { connection }), watched };
}

const DAMAGED = /^1 entry can't be read: damaged\. See: .*audit verify.*\n$/;

describe("an entry that was damaged", () => {
  it("is passed over by what only reads, which says so", async () => {
    const { runId, run } = await damaged();
    const list = await run("audit", "list", "--json");
    expect(JSON.parse(list.out)).toHaveLength(6);
    expect(list.code).toBe(0);
    expect(list.err).toMatch(DAMAGED);
    const shown = await run("audit", "show", runId);
    expect(shown.err).toMatch(DAMAGED);
    expect(shown.out).toContain("entry 2: its text was changed: the hash does not fit");
    expect(shown.code).toBe(1);
    const overshoot = await run("overshoot", "--json");
    expect(JSON.parse(overshoot.out)).toHaveLength(1);
    expect(overshoot.err).toMatch(DAMAGED);
    const explained = await run("explain", runId, "--json");
    expect(JSON.parse(explained.out)).toMatchObject({ kind: "ended" });
    expect(explained.code).toBe(0);
  });

  it("lets nobody judge or undo a stop by its chain, and stands in no other run's way", async () => {
    const { runId, other, run, watched } = await damaged();
    const [intent] = await watched.entries(runId);
    for (const id of [runId, intent?.entryId ?? ""]) {
      for (const command of [
        ["judge", id, "right", "--reason", "a loop"],
        ["undo", id, "--reason", "healthy", "--yes", "--until", "1h"],
      ]) {
        const { code, err } = await run(...command);
        expect(err).toContain(`Entry 2 of run#${runId} can't be read: it was damaged.`);
        expect(code).toBe(1);
      }
    }
    expect(await watched.kinds(runId)).not.toContain("run.undone");
    expect((await run("judge", other, "right", "--reason", "a loop")).code).toBe(0);
  });
});
