import { expect, it } from "vitest";
import type { Control } from "../../../src/watchdog/model/control.ts";
import { type TakingUp, takeUp } from "../../../src/watchdog/stop/take-up.ts";

it("passes on how holds ended, also of the days that later passes look through", async () => {
  const DAY = 86_400_000;
  let now = new Date("2026-07-10T12:00:00Z");
  const at = new Date(now.getTime() - 1.5 * DAY);
  const entry = {
    entryId: "e",
    kind: "source.released",
    at: at.toISOString(),
    subject: { kind: "control" },
    intentId: "h",
    change: { scheduleId: "s" },
  };
  const audit = {
    async *list({ from, to }: { from: Date; to: Date }) {
      if (from <= at && at <= to)
        yield {
          chain: "control",
          sequence: 1,
          hash: "",
          text: JSON.stringify(entry),
          copies: { entryId: "e", kind: entry.kind, at: entry.at },
        };
    },
  };
  const control = { version: 3, openIntents: [], recentIntents: [] } as unknown as Control;
  const pass = {
    ports: { apify: { now: () => now }, audit },
    takenUp: {
      kept: { at: new Date(now.getTime() - 5 * DAY), controlVersion: 9 },
      hasFound: false,
      holds: { open: [], ended: [] },
    },
  } as unknown as TakingUp;
  const found: number[] = [];
  for (let i = 0; i < 3; i++) {
    await takeUp(pass, control);
    found.push(pass.takenUp.holds.ended.length);
    now = new Date(now.getTime() + 60_000);
  }
  expect(found).toEqual([0, 1, 0]);
});
