import type { Call, World } from "../../../emulator/index.ts";
import { CONTROL_CHAIN, type Entry } from "../../../src/watchdog/model/entry.ts";
import type { TickReport } from "../../../src/watchdog/tick/report.ts";
import { type Watched, type WatchOptions, watchFrom } from "../../support/watch.ts";
import { worldOf } from "../../support/world.ts";

/** Ten to one in the night: an hour's budget begins anew soon, a day's does not. */
export const START = new Date("2026-11-24T00:10:00.000Z");

export const SCHEDULE = "schedulePrices0001";

/** A schedule that starts a run of 4 USD an hour each minute, and none of them ends. */
export const stormy = (more: Partial<NonNullable<World["schedules"]>[number]> = {}): World => ({
  ...worldOf(),
  schedules: [
    {
      id: SCHEDULE,
      name: "prices",
      cron: "* * * * *",
      starts: { actor: "acme/shop", task: "shop-eu", cost: 4, usageLagMs: 0, readyForMs: 0 },
      ...more,
    },
  ],
});

/** 2 USD an hour, of which 50 % hold the schedule. */
export const holding = (usd = 2, more: Record<string, unknown> = {}, guards: object = {}) => ({
  version: 1,
  mode: "enforce",
  guards: { maxAborts: { percentOfLive: 100, perTick: 100, perHour: 1000 }, ...guards },
  rules: [{ id: "an-hour", budget: { usd, per: "hour" }, steps: [{ at: "50%", do: "hold" }], ...more }],
});

export const storm = (policy: unknown = holding(), options: WatchOptions = {}, world = stormy()) =>
  watchFrom(START, world, policy, { allowHolds: true, ...options });

/** The schedule as Apify shows it now. */
export function shown(
  { emulator }: Watched,
  id = SCHEDULE,
): { isEnabled: boolean; modifiedAt: string } | undefined {
  const headers = { authorization: "Bearer inspector" };
  const answer = emulator.handle({ method: "GET", url: `/v2/schedules/${id}`, headers });
  return answer.kind === "answer" && answer.status === 200 ? JSON.parse(answer.body).data : undefined;
}

/** What somebody does in Apify's Console. */
export function inConsole({ emulator }: Watched, change: object, id = SCHEDULE): void {
  const headers = { authorization: "Bearer inspector", "content-type": "application/json" };
  emulator.handle({ method: "PUT", url: `/v2/schedules/${id}`, headers, body: JSON.stringify(change) });
}

export const ofSources = async ({ ports }: Watched): Promise<readonly Entry[]> =>
  (await ports.audit.readChain(CONTROL_CHAIN))
    .map(({ text }) => JSON.parse(text) as Entry)
    .filter(({ kind }) => kind.startsWith("source."));
export const kindsOf = async (watched: Watched): Promise<readonly string[]> =>
  (await ofSources(watched)).map(({ kind }) => kind);

/** The changes of schedules that reached Apify from here. */
export const puts = ({ emulator }: Watched): readonly Call[] =>
  emulator.truth.calls.filter(({ kind }) => kind === "update-schedule");

export const about = ({ attention }: TickReport, id: string): readonly string[] =>
  attention.filter((each) => each.startsWith(id));
