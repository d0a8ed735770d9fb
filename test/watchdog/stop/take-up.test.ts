import { expect, it } from "vitest";
import { createEmulator } from "../../../emulator/index.ts";
import { instead } from "../../support/instead.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

it("a tick looks for open intents in the month of now alone: each month would be a query a minute", async () => {
  const emulator = createEmulator({ world: worldOf(OVER_5_USD) });
  const watched = await watch(emulator, { policy: fiveUsd() });
  await watched.tick();
  watched.advance(MINUTE);
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
