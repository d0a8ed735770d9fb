import { HOUR_MS, type MicroUsd, type Policy } from "../../policy/index.ts";
import { isYounger } from "../model/ahead.ts";
import { isOfProcess } from "../model/errors.ts";
import { type Noting, skip, skipFailed, type Timed } from "../model/pass.ts";
import type { AccountLimits, AccountOnApify, Drift, RunsOnApify } from "../model/ports.ts";
import { judgingMs, PATIENCE_MS, withinBudget } from "../observe/within-budget.ts";
import { fill, neededSince } from "./backfill.ts";
import { movedSince, spentIn } from "./drift.ts";
import type { Recording } from "./tick-ledger.ts";
import { updateLedger } from "./update-ledger.ts";

/** So many comparisons are kept: two days. */
const KEPT_DRIFT = 48;

/** What tending takes: what Apify says that the account has cost. */
type Tending = Recording & { readonly ports: { readonly apify: AccountOnApify } };

/** Where the token may not read them, the rest goes on without. */
async function ifReadable<T>(
  tending: Timed & Noting,
  what: string,
  read: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await withinBudget(tending, PATIENCE_MS, read);
  } catch (error) {
    if (isOfProcess(error)) throw error;
    skipFailed(tending, what, error);
    return undefined;
  }
}

/** What Apify says that the account has cost in this cycle: the higher of its two figures, for each may lag. */
async function askedOfApify(
  tending: Tending,
  { cycle, monthlyUsageMicroUsd }: AccountLimits,
): Promise<MicroUsd | undefined> {
  const { apify } = tending.ports;
  const usage = await ifReadable(tending, "reading the monthly usage", (signal) =>
    apify.monthlyUsage(signal),
  );
  // Where the cycle turns, one of the two may still be of the one before.
  const isOfCycle = usage?.cycle.startsAt.getTime() === cycle.startsAt.getTime();
  const figures = [monthlyUsageMicroUsd, isOfCycle ? usage?.totalMicroUsd : undefined].filter(
    (figure) => figure !== undefined,
  );
  return figures.length > 0 ? Math.max(...figures) : undefined;
}

/** Compares the ledger with Apify's figure for the cycle, once the ledger goes back to its beginning. */
async function compare(
  { ledger, live, ports }: Tending,
  { cycle }: AccountLimits,
  apifyMicroUsd: MicroUsd,
  now: Date,
): Promise<Drift | undefined> {
  const window = { from: cycle.startsAt, to: cycle.endsAt };
  const since = ledger.state?.completeSince;
  if (since === undefined || since > window.from) return undefined;
  const ledgerMicroUsd = await spentIn(ports.state, live, ledger.recordings, window, now);
  const moved = movedSince(live.values(), ledger.state?.drift.at(-1)?.at);
  return { at: now, apifyMicroUsd, ledgerMicroUsd, ...(moved.length > 0 && { moved }) };
}

/** Learns Apify's usage cycle and what the account has used in it, and compares, once an hour and whenever the known cycle is over. */
async function askApify(tending: Tending): Promise<void> {
  const { ledger, ports } = tending;
  const now = ports.clock.now();
  const { cycle } = ledger.state ?? {};
  // Apify's own figures are asked for so often.
  const isKnown = cycle && now < cycle.to && isYounger(cycle.readAt, HOUR_MS, now);
  if (isKnown) return;
  const limits = await ifReadable(tending, "reading the account's limits", (signal) =>
    ports.apify.limits(signal),
  );
  if (limits === undefined) return;
  const microUsd = await askedOfApify(tending, limits);
  const drift = microUsd === undefined ? undefined : await compare(tending, limits, microUsd, now);
  const { startsAt: from, endsAt: to } = limits.cycle;
  ledger.state = await updateLedger(ports, (state) => ({
    ...state,
    cycle: { from, to, readAt: now },
    ...(microUsd !== undefined && { accountUsage: { microUsd, readAt: now } }),
    drift: drift ? [...state.drift, drift].slice(-KEPT_DRIFT) : state.drift,
  }));
}

/**
 * Since when the ledger is complete. Nobody has watched before a tick that goes on from no cursor, whatever one said that
 * came to no end: what ended between the two would be in no list of theirs.
 */
async function noteBegin({ ledger, ports, tick }: Tending, { sawAll, cursor }: Watched): Promise<void> {
  const begins = sawAll ? { completeSince: tick.startedAt, countedSince: tick.startedAt } : {};
  const state = await ports.state.readLedger();
  ledger.state = state;
  const isKnown = state.completeSince !== undefined && state.countedSince !== undefined;
  if (cursor ? isKnown || !sawAll : !isKnown && !sawAll) return;
  ledger.state = await updateLedger(ports, (now) => {
    if (cursor) return { ...begins, ...now };
    const { completeSince: _over, countedSince: _too, backfill: _of, ...rest } = now;
    return { ...rest, ...begins };
  });
}

/** What a tick has seen: every live run, and wrote all of it down; and up to where those before it had seen all. */
type Watched = { readonly sawAll: boolean; readonly cursor: Date | undefined };

/** Looks after the ledger as a whole: since when it is complete, and Apify's cycle and figures. */
export async function tendLedger(tending: Tending, watched: Watched): Promise<void> {
  await noteBegin(tending, watched);
  await askApify(tending);
}

/**
 * Fills in what the budgets need of the time before the watchdog came. Until that is done they stop nothing, so it comes
 * after all that can be judged without.
 */
export async function fillLedger(
  filling: Recording & { readonly ports: { readonly apify: RunsOnApify } },
  policy: Policy,
): Promise<void> {
  const { ledger, ports } = filling;
  if (ledger.state === undefined) return;
  const since = neededSince(policy, ledger.state, ports.clock.now());
  if (since === undefined) return;
  try {
    await withinBudget(filling, judgingMs(filling), async (signal) => {
      ledger.state = await fill(ports, since, signal, (_progress, malformed) =>
        skip(filling, "malformed list item", malformed),
      );
    });
  } finally {
    // The cells have moved: what was read of them before is not what the window holds now.
    delete ledger.reading;
    const isOpen = neededSince(policy, ledger.state, ports.clock.now()) !== undefined;
    if (isOpen) skip(filling, "a budget's window is not filled yet");
  }
}
