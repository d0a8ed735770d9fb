import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { API, type Order } from "../../../console/api.ts";
import { begin, given, goOn, leave, stage, type, wrong } from "../../../console/web/acts/stage.ts";
import type { Draft } from "../../../console/web/state.ts";

const STOP: Draft = { act: "stop", runId: "BYpoxnp7B15BzhjXG" };

type Asked = { readonly path: string; readonly order: Order; answer(told: object): void };

describe("an order on its way", () => {
  const browsers = globalThis.fetch;
  let asked: Asked[];

  beforeEach(() => {
    asked = [];
    globalThis.fetch = ((path: string, { body }: { body: string }) =>
      new Promise((resolve) => {
        const answer = (told: object): void => resolve(Response.json({ command: "", lines: [], ...told }));
        asked.push({ path, order: JSON.parse(body), answer });
      })) as typeof fetch;
    begin(STOP);
    type("reason", "wrong shop");
  });

  afterEach(() => {
    globalThis.fetch = browsers;
    leave();
  });

  it("is planned, then done as it was planned", async () => {
    const planning = goOn(STOP);
    asked[0]?.answer({ done: false });
    await planning;
    const doing = goOn(STOP);
    asked[1]?.answer({ done: true });
    await doing;
    expect(asked.map(({ path, order }) => [path, order])).toEqual([
      [API.plan, { ...STOP, reason: "wrong shop" }],
      [API.act, { ...STOP, reason: "wrong shop" }],
    ]);
    expect(stage.value.kind).toBe("done");
  });

  it("is sent once, however often Enter is pressed meanwhile and afterwards", async () => {
    const planning = [goOn(STOP), goOn(STOP)];
    asked[0]?.answer({ done: false });
    await Promise.all(planning);
    const doing = [goOn(STOP), goOn(STOP)];
    asked[1]?.answer({ done: true });
    await Promise.all(doing);
    await goOn(STOP);
    expect(asked.map(({ path }) => path)).toEqual([API.plan, API.act]);
  });

  it("takes no plan for that of what was typed since", async () => {
    const planning = goOn(STOP);
    type("reason", "the wrong shop, of ada");
    asked[0]?.answer({ done: false });
    await planning;
    expect(stage.value.kind).toBe("asked");
    expect(given.value.reason).toBe("the wrong shop, of ada");
  });

  it("says that nobody knows where no answer came, and sends it no second time", async () => {
    for (const lost of [
      () => Promise.reject(new TypeError("fetch failed")),
      () => Promise.resolve(new Response("The console failed to answer this.", { status: 500 })),
      () => Promise.resolve(Response.json({ unknown: "No answer within 150 s." })),
    ]) {
      leave();
      begin(STOP);
      type("reason", "wrong shop");
      const planning = goOn(STOP);
      asked.at(-1)?.answer({ done: false });
      await planning;
      const browser = globalThis.fetch;
      globalThis.fetch = lost as typeof fetch;
      await goOn(STOP);
      globalThis.fetch = browser;
      expect([stage.value.kind, wrong.value]).toEqual(["unknown", undefined]);
      const sent = asked.length;
      await goOn(STOP);
      expect(asked).toHaveLength(sent);
    }
  });

  it("says why it was not done, and stays planned", async () => {
    const planning = goOn(STOP);
    asked[0]?.answer({ done: false });
    await planning;
    const doing = goOn(STOP);
    asked[1]?.answer({ done: false, refused: "the watchdog is paused" });
    await doing;
    expect([stage.value.kind, wrong.value]).toEqual(["planned", "the watchdog is paused"]);
  });
});
