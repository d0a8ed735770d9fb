import {
  type HoldDecision,
  type HoldSource,
  holdOver,
  isPaused,
  type LedgerView,
  LOOP_GUARD,
  loopHolds,
  standingsOf,
  type WantedHold,
  wantedHolds,
} from "../../policy/index.ts";
import { type Control, type PolicyInForce, viewOf } from "../model/control.ts";
import type { Entry } from "../model/entry.ts";
import { isOfProcess } from "../model/errors.ts";
import { type SourceHold, scheduleUrl, scheduleWords } from "../model/holds/hold.ts";
import { holdsOf, leftOf } from "../model/holds/sources.ts";
import { alert, type InForce, skipFailed } from "../model/pass.ts";
import type { ActorsOnApify, Schedule } from "../model/ports.ts";
import type { Learning } from "../observe/looking.ts";
import { judgingMs, READ_PATIENCE_MS, withinBudget } from "../observe/within-budget.ts";
import { beginHold, extendHold } from "./begin-hold.ts";
import { forgetLeft } from "./forget-left.ts";
import type { Holding } from "./holding.ts";
import { type Outlook, pursueHold } from "./pursue-hold.ts";
import { putHoldsBack } from "./put-back.ts";
import { putEndsBack } from "./put-ends-back.ts";
import { sourcesOf } from "./sources.ts";

/** All that a tick needs to hold what is wanted held, and to let go of what is not any more. */
export type HoldingSources = Holding &
  Learning &
  InForce & {
    readonly ports: { readonly apify: ActorsOnApify };
    /** Does this deployment agree to have schedules disabled? */
    readonly allowHolds: boolean;
    /** Holds that the audit has open and the control state did not know. */
    readonly takenUp: {
      readonly holds: { readonly open: readonly Entry[]; readonly ended: readonly Entry[] };
    };
    /** No call may leave this pass, whatever is wanted. */
    readonly observeOnly: boolean;
  };

/** Does one piece of work: one that fails is noted, and holds up no other. */
type Attempt = (what: string, work: () => Promise<void>) => Promise<unknown>;

/** What is wanted: by budgets, whose schedules are yet to be found, and by whoever knows them. */
export type Wanted = { readonly decisions: readonly HoldDecision[]; readonly holds?: readonly WantedHold[] };

const mayBeHeld = ({ mode, guard }: Pick<WantedHold, "mode" | "guard">): boolean =>
  mode === "enforce" && guard === undefined;

const TURN_MS = 60_000;

/** Another one is first each minute: those that hang would leave the same ones without time in every tick. */
function inTurn<T>(list: readonly T[], now: Date): readonly T[] {
  const first = Math.floor(now.getTime() / TURN_MS) % Math.max(1, list.length);
  return [...list.slice(first), ...list.slice(0, first)];
}

/** One schedule once, on whose account it is asked for first. */
const onePerSchedule = (wanted: readonly WantedHold[]): readonly WantedHold[] =>
  [...new Map(wanted.toReversed().map((each) => [each.scheduleId, each])).values()].toReversed();

async function listSchedules(holding: HoldingSources): Promise<readonly Schedule[]> {
  try {
    const schedules = await withinBudget(holding, READ_PATIENCE_MS, (signal) =>
      holding.ports.apify.listSchedules(signal),
    );
    if (schedules) return schedules;
    alert(
      holding,
      "hold:list",
      "the token may not list the account's schedules, so only those that have started runs lately can be held; grant it Read on schedules",
    );
  } catch (error) {
    if (isOfProcess(error)) throw error;
    skipFailed(holding, "reading the list of schedules", error);
  }
  return [];
}

/** Why a hold is over, by what is in force when it is looked at; what was spent is as it was read. */
function outlookOf(
  holding: HoldingSources,
  inForce: PolicyInForce | undefined,
  ledger: LedgerView | undefined,
  sources: readonly HoldSource[],
): Outlook {
  const policyBy = async (control: Control) =>
    control.policyVersion === inForce?.version
      ? inForce
      : await holding.policyOf(control).catch(() => inForce);
  return async (hold, control) => {
    const now = holding.ports.apify.now();
    const policy = (await policyBy(control))?.policy;
    // The sums are of this one's windows and selectors.
    const budgets = policy && ledger && policy === inForce?.policy && standingsOf(policy, ledger, now);
    const source = sources.find(({ id }) => id === hold.scheduleId);
    return holdOver(hold, { policy, budgets: budgets || undefined, source, control: viewOf(control), now });
  };
}

/** Is a hold as the list shows its schedule, with nothing to do about it? */
const isAtRest = (hold: SourceHold, listed: Schedule | undefined, over: string | undefined): boolean =>
  listed !== undefined &&
  !listed.isEnabled &&
  hold.letGo === undefined &&
  over === undefined &&
  hold.madeAt?.getTime() === listed.modifiedAt.getTime();

function withoutConsent(
  holding: Holding,
  wanted: readonly WantedHold[],
  schedules: readonly Schedule[],
): void {
  for (const { scheduleId, cause } of wanted) {
    const listed = schedules.find(({ id }) => id === scheduleId);
    if (listed && !listed.isEnabled) continue;
    const whose = scheduleWords({ scheduleId, ...(listed?.name !== undefined && { name: listed.name }) });
    const by = cause.kind === "budget" ? `budget ${cause.ruleId}` : LOOP_GUARD;
    alert(
      holding,
      `hold:${scheduleId}`,
      `${whose} goes on starting runs, although ${by} asks to hold it: this deployment does not allow holds; ` +
        `deploy it with allowHolds, or disable the schedule at ${scheduleUrl(scheduleId)}`,
    );
  }
}

/**
 * Holds the schedules that are wanted held, and lets go of those that are not any more. Starts from what is true now: what is
 * promised, what the schedules are, what is wanted. Each is a piece of work of its own; all of them leave the pass time for
 * the rest.
 */
export async function holdSources(
  holding: HoldingSources,
  attempt: Attempt,
  inForce: PolicyInForce | undefined,
  wanted: Wanted,
): Promise<void> {
  if (holding.observeOnly) return;
  await withinBudget(holding, judgingMs(holding), (signal) =>
    holdWithin({ ...holding, signal }, attempt, inForce, wanted),
  );
}

async function holdWithin(
  holding: HoldingSources,
  attempt: Attempt,
  inForce: PolicyInForce | undefined,
  wanted: Wanted,
): Promise<void> {
  const { open, ended } = holding.takenUp.holds;
  if (ended.length > 0) await attempt("taking up what holds came to", () => putEndsBack(holding, ended));
  if (open.length > 0) await attempt("taking up holds", () => putHoldsBack(holding, open));
  const control = await holding.ports.state.readControl();
  const decisions = wanted.decisions.filter(mayBeHeld);
  const own = (wanted.holds ?? []).filter(mayBeHeld);
  const isIdle = holdsOf(control).length + leftOf(control).length === 0;
  const policy = inForce?.policy;
  const at = holding.ports.apify.now();
  const isLooping = policy !== undefined && loopHolds(policy, [], viewOf(control), at).some(mayBeHeld);
  if (isIdle && !isLooping && decisions.length + own.length === 0) return;
  const schedules = await listSchedules(holding);
  const ledger = policy && (await holding.ledgerOf(policy));
  const sources = policy ? await sourcesOf(holding, policy, schedules, ledger) : [];
  const outlook = outlookOf(holding, inForce, ledger, sources);
  const now = holding.ports.apify.now();
  const byBudgets = policy ? wantedHolds(policy, decisions, sources, viewOf(control), now) : [];
  const byLoops = policy ? loopHolds(policy, sources, viewOf(control), now) : [];
  const all = onePerSchedule([...byBudgets, ...byLoops, ...own].filter(mayBeHeld));
  const isHeldUp = isPaused(viewOf(control), now);
  for (const hold of inTurn(holdsOf(control), now)) {
    const listed = schedules.find(({ id }) => id === hold.scheduleId);
    const over = await outlook(hold, control);
    const another = all.find(({ scheduleId }) => scheduleId === hold.scheduleId);
    if (over !== undefined && another && holding.allowHolds && !isHeldUp && inForce)
      await attempt("holding a schedule", () => extendHold(holding, hold.holdId, another, inForce));
    if (isAtRest(hold, listed, over)) continue;
    await attempt("holding a schedule", () => pursueHold(holding, hold, outlook));
  }
  for (const left of inTurn(leftOf(control), now))
    await attempt("looking after what was left disabled", () => forgetLeft(holding, left, schedules));
  if (inForce === undefined) return;
  if (!holding.allowHolds) return withoutConsent(holding, all, schedules);
  for (const each of inTurn(all, now)) {
    const listed = schedules.find(({ id }) => id === each.scheduleId);
    // Somebody else's: it is not ours to hold, nor to let go.
    if (listed && !listed.isEnabled) continue;
    await attempt("holding a schedule", async () => {
      await beginHold(holding, each, inForce, outlook);
    });
  }
}
