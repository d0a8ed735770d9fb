import { expect, it } from "vitest";
import { createEmulator } from "../../../emulator/index.ts";
import { failing, instead } from "../../support/instead.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

it("a tick looks for open intents in the month of now alone: each month would be a query a minute", async () => {
  const emulator = createEmulator({ world: worldOf(OVER_5_USD) });
  const watched = await watch(emulator, { policy: fiveUsd() });
  // Until the days before are looked through.
  await watched.ticks(33);
  const spans: { readonly from: Date; readonly to: Date }[] = [];
  const { audit, clock } = watched.ports;
  const list: typeof audit.list = (span) => {
    spans.push(span);
    return audit.list(span);
  };
  await watched.tick(watched.process({ audit: instead(audit, { list }) }));
  expect(spans).toHaveLength(1);
  const now = clock.now().getTime();
  for (const { from, to } of spans) {
    expect(now - from.getTime()).toBeLessThanOrEqual(16 * MINUTE);
    expect(to.getTime() - now).toBeLessThanOrEqual(60 * MINUTE);
  }
});

it("a tick that can't look for open intents is not complete, and stops what breaches all the same", async () => {
  const { ports, process, push, tick, ticks, aborts } = await watch(
    createEmulator({ world: worldOf(OVER_5_USD) }),
  );
  await ticks(1);
  await push(fiveUsd());
  const list = () => failing("the index can't be read");
  const { complete } = await tick(process({ audit: instead(ports.audit, { list }) }));
  expect([complete, aborts().length]).toEqual([false, 1]);
});

it("an intent that can't be read, as after tampering, keeps no tick from looking for the others", async () => {
  const { ports, process, push, tick } = await watch(createEmulator({ world: worldOf(OVER_5_USD) }));
  await push(fiveUsd());
  const list: typeof ports.audit.list = async function* (span) {
    const copies = { entryId: "a", kind: "abort.intended", at: span.to.toISOString() };
    yield { chain: "run#a", sequence: 1, text: "", hash: "", copies };
    yield {
      chain: "run#a",
      sequence: 2,
      text: "no JSON",
      hash: "",
      copies: { ...copies, kind: "abort.failed" },
    };
    yield* ports.audit.list(span);
  };
  const { complete, skipped } = await tick(process({ audit: instead(ports.audit, { list }) }));
  expect([complete, skipped]).toEqual([true, {}]);
});

it("a tick looks through a day of what is to be caught up with, and the next ones through a day more each", async () => {
  const DAY = 24 * 60 * MINUTE;
  const watched = await watch(createEmulator({ world: worldOf() }));
  await watched.push(fiveUsd());
  const spans: { readonly from: Date; readonly to: Date }[] = [];
  const { audit, clock } = watched.ports;
  const list: typeof audit.list = (span) => {
    spans.push(span);
    return audit.list(span);
  };
  const began = clock.now().getTime();
  for (let ticks = 0; ticks < 34; ticks++) {
    await watched.tick(watched.process({ audit: instead(audit, { list }) }));
    watched.advance(MINUTE);
  }
  for (const { from, to } of spans) expect(to.getTime() - from.getTime()).toBeLessThan(DAY + 61 * MINUTE);
  expect(Math.min(...spans.map(({ from }) => from.getTime()))).toBe(began - 31 * DAY);
  // The newest first, and no gap between them.
  const older = spans
    .map(({ from, to }) => [from.getTime(), to.getTime()])
    .filter(([, to = 0]) => to < began);
  expect(older.map(([, to]) => to)).toEqual(older.map((_, nth) => began - (nth + 1) * DAY));
  expect(spans.at(-1)?.from.getTime()).toBeGreaterThan(began);
});
