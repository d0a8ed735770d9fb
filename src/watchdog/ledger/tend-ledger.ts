import { HOUR_MS, type Policy } from "../../policy/index.ts";
import { type Context, errorText, skip } from "../model/context.ts";
import { ApifyError } from "../model/errors.ts";
import type { AccountLimits, Drift } from "../model/ports.ts";
import { judgingMs, withinBudget } from "../observe/read-runs.ts";
import { fill, neededSince } from "./backfill.ts";
import { spentIn } from "./drift.ts";
import { updateLedger } from "./update-ledger.ts";

/** So many comparisons are kept: two days. */
const KEPT_DRIFT = 48;

/** Where the token may not read them, the rest goes on without. */
async function ifReadable<T>(context: Context, what: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApifyError && error.status === 401) throw error;
    context.ports.log.warn(`${what} failed`, { error: errorText(error) });
    skip(context, `${what} failed`);
    return undefined;
  }
}

/** What Apify says that the account has cost in this cycle: the higher of its two figures, for each may lag. */
async function askedOfApify(
  context: Context,
  { cycle, monthlyUsageMicroUsd }: AccountLimits,
): Promise<number | undefined> {
  const { apify } = context.ports;
  const usage = await ifReadable(context, "reading the monthly usage", () =>
    apify.monthlyUsage(context.signal),
  );
  // Where the cycle turns, one of the two may still be of the one before.
  const isOfCycle = usage?.cycle.startsAt.getTime() === cycle.startsAt.getTime();
  const figures = [monthlyUsageMicroUsd, isOfCycle ? usage?.totalMicroUsd : undefined].filter(
    (figure) => figure !== undefined,
  );
  return figures.length > 0 ? Math.max(...figures) : undefined;
}

/** Compares the ledger with Apify's figure for the cycle, once the ledger goes back to its beginning. */
async function compare(context: Context, limits: AccountLimits, now: Date): Promise<Drift | undefined> {
  const { ledger, live, ports } = context;
  const window = { from: limits.cycle.startsAt, to: limits.cycle.endsAt };
  const since = ledger.state?.completeSince;
  if (since === undefined || since > window.from) return undefined;
  const apifyMicroUsd = await askedOfApify(context, limits);
  if (apifyMicroUsd === undefined) return undefined;
  const ledgerMicroUsd = await spentIn(ports.state, live, ledger.recordings, window, now);
  return { at: now, apifyMicroUsd, ledgerMicroUsd };
}

/** Learns Apify's usage cycle, and compares, once an hour and whenever the known cycle is over. */
async function askApify(context: Context): Promise<void> {
  const { ledger, ports, signal } = context;
  const now = ports.clock.now();
  const { cycle } = ledger.state ?? {};
  // Apify's own figures are asked for so often.
  const isKnown = cycle && now < cycle.to && now.getTime() - cycle.readAt.getTime() < HOUR_MS;
  if (isKnown) return;
  const limits = await ifReadable(context, "reading the account's limits", () => ports.apify.limits(signal));
  if (limits === undefined) return;
  const drift = await compare(context, limits, now);
  const { startsAt: from, endsAt: to } = limits.cycle;
  ledger.state = await updateLedger(ports, (state) => ({
    ...state,
    cycle: { from, to, readAt: now },
    drift: drift ? [...state.drift, drift].slice(-KEPT_DRIFT) : state.drift,
  }));
}

/**
 * Looks after the ledger as a whole: since when it is complete, and Apify's cycle and figures. `sawAll`: this tick saw
 * every live run and wrote all of it down.
 */
export async function tendLedger(context: Context, sawAll: boolean): Promise<void> {
  const { ledger, ports, tick } = context;
  ledger.state = await ports.state.readLedger();
  if (ledger.state.completeSince === undefined && sawAll) {
    ledger.state = await updateLedger(ports, (state) => ({ completeSince: tick.startedAt, ...state }));
  }
  await askApify(context);
}

/**
 * Fills in what the budgets need of the time before the watchdog came. Until that is done they stop nothing, so it comes
 * after all that can be judged without.
 */
export async function fillLedger(context: Context, policy: Policy): Promise<void> {
  const { ledger, ports } = context;
  if (ledger.state === undefined) return;
  const since = neededSince(policy, ledger.state, ports.clock.now());
  if (since === undefined) return;
  try {
    await withinBudget(context, judgingMs(context), async (signal) => {
      ledger.state = await fill(ports, since, signal, (_progress, malformed) =>
        skip(context, "malformed list item", malformed),
      );
    });
  } finally {
    // The cells have moved: what was read of them before is not what the window holds now.
    delete ledger.reading;
    const isOpen = neededSince(policy, ledger.state, ports.clock.now()) !== undefined;
    if (isOpen) skip(context, "a budget's window is not filled yet");
  }
}
