import type { MicroUsd, Policy, Window } from "../../policy/index.ts";
import type { Range } from "../learn/stops.ts";
import { overshootOf, type RuleOvershoot } from "../ledger/overshoot-report.ts";
import { type SpendReport, spendReport } from "../ledger/spend-report.ts";
import { type Control, GAP } from "../model/control.ts";
import type { Entry } from "../model/entry.ts";
import type { Heartbeat, Live } from "../model/live.ts";
import type { AuditReads, Clock, LedgerState, StateReads } from "../model/ports.ts";
import { attentionId, ENDLESS_PAUSE } from "../policies/acknowledged.ts";
import { readAudit, type Told } from "./audit-tally.ts";
import { type BudgetOver, budgetsOver } from "./budget-windows.ts";
import { type ActorRow, byActor } from "./by-actor.ts";
import { type EnforcedStop, enforcedStops } from "./enforced.ts";
import { type NearRun, nearMissesAmong } from "./near-misses.ts";
import { type ObservedStop, observedStops } from "./observed.ts";
import { savedBy } from "./range.ts";
import { seenRuns } from "./seen-runs.ts";
import { lastedMs, PAUSE, type Spell } from "./spells.ts";
import { type WrongStops, wrongStops } from "./wrong-stops.ts";

/** `undefined` where there are stops, and of none of them it is known. */
type Saved = Range<MicroUsd> | undefined;

/** What a span of time came to. What is not known is absent, never 0. */
export type Report = {
  readonly span: Window;
  /** Up to when it is known: the span's end, or now. */
  readonly until: Date;
  readonly enforced: { readonly stops: readonly EnforcedStop[]; readonly savedMicroUsd: Saved };
  readonly observed: { readonly stops: readonly ObservedStop[]; readonly savedMicroUsd: Saved };
  /** Runs that a guard held, by guard. */
  readonly held: ReadonlyMap<string, number>;
  /** Runs that passed a step that only notifies. */
  readonly warned: number;
  readonly overshoot: readonly RuleOvershoot[];
  readonly wrongStops: WrongStops;
  /** Absent: no policy is in force to judge by. */
  readonly nearMisses?: readonly NearRun[];
  readonly spend: SpendReport;
  readonly budgets: readonly BudgetOver[];
  readonly actors: readonly ActorRow[];
  readonly exemptionsEnded: readonly Entry[];
  /** What lasted longest leads. */
  readonly attention: readonly (Spell & { readonly lastedMs: number })[];
  readonly unwatched: Unwatched;
};

/** What the watchdog did not see, or could not act on. */
export type Unwatched = {
  readonly pausedMs: number;
  /** In which no tick was complete, as far as ticks have remembered it. */
  readonly gapMs: number;
  readonly completeSince?: Date;
  /** The last tick, where the span reaches until now. */
  readonly heartbeat?: Heartbeat;
  readonly completeAt?: Date;
  /** Entries of the audit that can't be read. */
  readonly unreadable: number;
};

export type ReportPorts = {
  readonly state: StateReads;
  readonly audit: Pick<AuditReads, "list">;
  readonly clock: Pick<Clock, "now">;
};

/** What the last tick says that a person must look at. A pause has a spell of its own. */
function standing({ heartbeat, amiss = {}, called }: Live, { to }: Window): readonly Spell[] {
  return (heartbeat?.attention ?? []).flatMap((text) => {
    const id = attentionId(text);
    const from = called?.standing[id] ?? amiss[id]?.since ?? heartbeat?.startedAt;
    return from === undefined || from >= to || id === ENDLESS_PAUSE ? [] : { id, text, from };
  });
}

const GAP_TEXT = "no tick was complete";

/** What ticks said in the span, and say no more. */
const over = ({ called }: Live, span: Window): readonly Spell[] =>
  (called?.over ?? [])
    .filter(({ id, since, until }) => id !== ENDLESS_PAUSE && since < span.to && until > span.from)
    .map(({ id, since, until }) => ({ id, text: id === GAP ? GAP_TEXT : "", from: since, until }));

/** A pause that stands, and began before the span: no entry that was read has it. */
function stillPaused({ pause }: Control, span: Window): readonly Spell[] {
  if (pause === undefined || pause.since >= span.from) return [];
  const { since: from, until, by, reason } = pause;
  const spell = { id: PAUSE, text: `${reason} (${by})`, from };
  if (until === undefined || until > span.to) return [spell];
  return until > span.from ? [{ ...spell, until }] : [];
}

function attentionIn({ spells }: Told, live: Live, control: Control, span: Window) {
  return [...spells, ...stillPaused(control, span), ...over(live, span), ...standing(live, span)]
    .map((spell) => ({ ...spell, lastedMs: lastedMs(spell, span) }))
    .toSorted((a, b) => b.lastedMs - a.lastedMs);
}

function unwatchedIn(
  { digest }: Told,
  attention: Report["attention"],
  { heartbeat, completeAt }: Live,
  { completeSince }: LedgerState,
  isUntilNow: boolean,
): Unwatched {
  const lasted = (wanted: string): number =>
    attention.reduce((sum, { id, lastedMs: ms }) => (id === wanted ? sum + ms : sum), 0);
  return {
    pausedMs: lasted(PAUSE),
    gapMs: lasted(GAP),
    ...(completeSince && { completeSince }),
    ...(isUntilNow && heartbeat && { heartbeat }),
    ...(isUntilNow && completeAt && { completeAt }),
    unreadable: digest.unreadable,
  };
}

/**
 * What the tables say of a span of whole UTC hours. The audit is read page by page, of the ledger its sums, and of single runs those
 * alone that were or would have been stopped, or were warned of. Throws when the tables can't be read.
 */
export async function makeReport(
  { state, audit, clock }: ReportPorts,
  span: Window,
  {
    policy,
    timeZone,
    onRead = () => undefined,
  }: {
    readonly policy: Policy | undefined;
    readonly timeZone: string;
    readonly onRead?: (entries: number) => void;
  },
): Promise<Report> {
  const now = clock.now();
  const isUntilNow = now < span.to;
  const until = isUntilNow ? now : span.to;
  const told = await readAudit(audit, span, now, onRead);
  const live = await state.readLive();
  const ledger = await state.readLedger();
  const seen = await seenRuns(state, live, new Set([...told.observed.keys(), ...told.leftAlone]));
  const [enforced, observed] = [enforcedStops(told), observedStops(told, seen)];
  const leftAlone = [...told.leftAlone].flatMap((runId) => seen.get(runId) ?? []);
  const { completeSince } = ledger;
  const spend = await spendReport(state, live, span, "actor", { completeSince, timeZone, now });
  const attention = attentionIn(told, live, await state.readControl(), { from: span.from, to: until });
  return {
    span,
    until,
    enforced: { stops: enforced, savedMicroUsd: savedBy(enforced) },
    observed: { stops: observed, savedMicroUsd: savedBy(observed) },
    held: told.digest.held,
    warned: told.digest.warned,
    overshoot: overshootOf(told.ladder),
    wrongStops: wrongStops(enforced, observed),
    ...(policy && { nearMisses: await nearMissesAmong(state, policy, leftAlone, told.observed) }),
    spend,
    budgets: policy ? await budgetsOver(state, policy, live, span, now) : [],
    actors: byActor(spend, enforced, observed),
    exemptionsEnded: told.exemptionsEnded,
    attention,
    unwatched: unwatchedIn(told, attention, live, ledger, isUntilNow),
  };
}
