import { describe, expect, it } from "vitest";
import type { Connection, Target } from "../../../cli/command.ts";
import { KeptConnection } from "../../../cli/console/kept-connection.ts";
import { watch } from "../../support/watch.ts";
import { worldOf } from "../../support/world.ts";

const HERE: Target = { kind: "folder", name: "here", account: "default" };

/** Opens connections, and counts those that are open. */
async function opener(changes: Partial<Connection> = {}) {
  const { ports } = await watch(worldOf());
  const counts = { opened: 0, open: 0 };
  const open = async (more: Partial<Connection> = {}): Promise<Connection> => {
    counts.opened += 1;
    counts.open += 1;
    const close = async (): Promise<void> => {
      counts.open -= 1;
    };
    return { ports, target: HERE, hasApify: true, operator: async () => "ann", close, ...changes, ...more };
  };
  return { counts, open };
}

describe("KeptConnection", () => {
  it("opens once for many commands, one after the other and at once", async () => {
    const { counts, open } = await opener();
    const kept = new KeptConnection();
    const both = await Promise.all([kept.use(open), kept.use(open)]);
    for (const each of both) await each.close();
    await (await kept.use(open)).close();
    expect(counts).toEqual({ opened: 1, open: 1 });
    await kept.close();
    expect(counts.open).toBe(0);
  });

  it("lets go of tables that no process looks at, once the last command has read them", async () => {
    const { counts, open } = await opener({ isWatched: false });
    const kept = new KeptConnection();
    const [one, other] = await Promise.all([kept.use(open), kept.use(open)]);
    await one.close();
    // Said twice it is still one's own that is closed.
    await one.close();
    expect(counts).toEqual({ opened: 1, open: 1 });
    await other.close();
    expect(counts.open).toBe(0);
    await (await kept.use(open)).close();
    expect(counts).toEqual({ opened: 2, open: 0 });
  });

  it("opens again where the tables have moved to another process, and leaves who reads the old ones to the end", async () => {
    const { counts, open } = await opener();
    const kept = new KeptConnection();
    let isStale = false;
    const first = await kept.use(() => open({ isStale: () => isStale }));
    isStale = true;
    const second = await kept.use(open);
    expect(counts).toEqual({ opened: 2, open: 2 });
    await first.close();
    expect(counts.open).toBe(1);
    await second.close();
    await kept.close();
    expect(counts.open).toBe(0);
  });

  it("opens again after one that could not be opened, and after one that is to be renewed", async () => {
    const { counts, open } = await opener();
    const kept = new KeptConnection();
    await expect(kept.use(async () => Promise.reject(new Error("no credentials")))).rejects.toThrow(
      "no credentials",
    );
    await (await kept.use(open)).close();
    kept.renew();
    await (await kept.use(open)).close();
    await kept.close();
    expect(counts).toEqual({ opened: 2, open: 0 });
  });

  it("never goes over to another target: its acts were meant for the one that it was opened on", async () => {
    const { counts, open } = await opener();
    const kept = new KeptConnection();
    await (await kept.use(open)).close();
    for (const change of [{ name: "there" }, { account: "other" }, { kind: "stack" as const }]) {
      kept.renew();
      const moved = kept.use(() => open({ target: { ...HERE, ...change } }));
      await expect(moved).rejects.toThrow(/now others.*Start it again/);
    }
    await (await kept.use(open)).close();
    await kept.close();
    expect(counts.open).toBe(0);
  });
});
