import { describe, expect, it } from "vitest";
import { instead } from "../support/instead.ts";
import { fiveUsd, OBSERVED } from "../support/policies.ts";
import { watch } from "../support/watch.ts";
import { HEALTHY, OVER_5_USD, worldOf } from "../support/world.ts";
import { cli } from "./support.ts";

describe("Ctrl-C", () => {
  it("ends scan --every with 130, a look having been finished", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const stop = new AbortController();
    const ended = cli(watched, ["scan", "--every", "1m", "--json"], { signal: stop.signal });
    setTimeout(() => stop.abort(), 300);
    const { code, out } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(out)).toMatchObject({ listed: 1 });
  });

  it("says nothing of a look that it cut short but that it was none, and ends with 130", async () => {
    for (const more of [[], ["--every", "1m"]]) {
      const watched = await watch(worldOf(OVER_5_USD), { policy: OBSERVED });
      const stop = new AbortController();
      const apify = instead(watched.ports.apify, {
        listRuns: (filter, signal) => {
          stop.abort();
          return watched.ports.apify.listRuns(filter, signal);
        },
      });
      const connection = { ports: { ...watched.ports, apify } };
      const ended = await cli(watched, ["tick", ...more], { signal: stop.signal, connection });
      expect(ended).toEqual({ code: 130, out: "", err: "" });
    }
  });

  it("says where to find what a look had done that it cut short", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const stop = new AbortController();
    const apify = instead(watched.ports.apify, {
      abortRun: async (call, signal) => {
        const answer = await watched.ports.apify.abortRun(call, signal);
        stop.abort();
        return answer;
      },
    });
    const connection = { ports: { ...watched.ports, apify } };
    const { code, out, err } = await cli(watched, ["tick"], { signal: stop.signal, connection });
    expect({ code, out }).toEqual({ code: 130, out: "" });
    expect(err).toContain("interrupted: npm run watchdog -- audit list --local");
  });

  it("ends what can't wind itself up with 130, its tables closed", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const stop = new AbortController();
    let closed = false;
    const audit = instead(watched.ports.audit, {
      async *heads() {
        await new Promise(() => undefined);
      },
    });
    const close = async (): Promise<void> => {
      closed = true;
    };
    const ports = { ...watched.ports, audit };
    const ended = cli(watched, ["audit", "verify"], { signal: stop.signal, connection: { ports, close } });
    setTimeout(() => stop.abort(), 50);
    expect((await ended).code).toBe(130);
    expect(closed).toBe(true);
  });
});
