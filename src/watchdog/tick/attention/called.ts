import { type Called, type CallOver, GAP } from "../../model/control.ts";
import type { Amiss, Heartbeat, Live } from "../../model/live.ts";
import { attentionId } from "../../policies/acknowledged.ts";

/** So many at most, the last ones, so that the live index stays small. */
const MOST_OVER = 100;
const MOST_UNSAID = 100;
/** A time without a complete tick: longer than that, and than three times the time between the two before. */
const LEAST_GAP_MS = 5 * 60_000;
const GAP_TIMES = 3;

/** What a tick found amiss, and whether it saw every live run. */
type Looked = { readonly amiss: Readonly<Record<string, Amiss>>; readonly sawAll: boolean };

const NEVER: Called = { standing: {}, over: [] };

const lastOnes = (over: readonly CallOver[]): readonly CallOver[] => over.slice(-MOST_OVER);

/**
 * What calls for a person after a tick, since when, and what is over by it. A tick that did not see all has not looked for all
 * that stood: of what it does not say nobody knows that it is over.
 */
function callsAfter(
  { standing, over }: Called,
  { attention = [], startedAt }: Heartbeat,
  { amiss, sawAll }: Looked,
): Called {
  const ids = new Set(attention.map(attentionId));
  const unsaid = Object.entries(standing).filter(([id, since]) => !ids.has(id) && since < startedAt);
  const said = [...ids].map((id) => [id, standing[id] ?? amiss[id]?.since ?? startedAt] as const);
  if (!sawAll) return { standing: Object.fromEntries([...unsaid.slice(-MOST_UNSAID), ...said]), over };
  const ended = unsaid.map(([id, since]) => ({ id, since, until: startedAt }));
  return { standing: Object.fromEntries(said), over: [...over, ...ended] };
}

/** Another schedule is no row of gaps: one that is about as long as the one just before it is how far ticks lie apart now. */
const SAME_MS = 60_000;

/** The time since the complete tick before: as long as usual, or a gap. */
function gapAfter(
  { betweenMs, over }: Called,
  since: Date | undefined,
  until: Date,
): Pick<Called, "betweenMs"> & { readonly gap?: CallOver } {
  const ms = since ? until.getTime() - since.getTime() : 0;
  const known = betweenMs === undefined ? {} : { betweenMs };
  if (since === undefined || ms <= 0) return known;
  const last = over.findLast(({ id, until: end }) => id === GAP && end.getTime() === since.getTime());
  const isUsual = last && Math.abs(ms - (since.getTime() - last.since.getTime())) <= SAME_MS;
  const isGap = betweenMs !== undefined && !isUsual && ms > Math.max(LEAST_GAP_MS, GAP_TIMES * betweenMs);
  return isGap ? { ...known, gap: { id: GAP, since, until } } : { betweenMs: ms };
}

/** Remembers for reports what called for a person, and the times in which no tick was complete. Twice after one tick is as once. */
export function calledAfter(
  { called = NEVER, completeAt }: Pick<Live, "called" | "completeAt">,
  heartbeat: Heartbeat,
  looked: Looked,
): Called {
  const { standing, over } = callsAfter(called, heartbeat, looked);
  const { gap, ...between } = looked.sawAll
    ? gapAfter(called, completeAt, heartbeat.startedAt)
    : { ...(called.betweenMs !== undefined && { betweenMs: called.betweenMs }) };
  return { standing, over: lastOnes(gap ? [...over, gap] : over), ...between };
}

/** Of two ticks at once: what either has seen end, once, unless the later one still sees it, and else what that one says. */
export function mergeCalled(stands: Called | undefined, last: Called | undefined): Called | undefined {
  if (stands === undefined || last === undefined) return last ?? stands;
  const all = [...stands.over, ...last.over].map(
    (each) => [`${each.id}@${each.since.getTime()}`, each] as const,
  );
  const isOver = ({ id, since }: CallOver): boolean => last.standing[id]?.getTime() !== since.getTime();
  const over = [...new Map(all).values()]
    .filter(isOver)
    .toSorted((a, b) => a.until.getTime() - b.until.getTime());
  return { ...last, over: lastOnes(over) };
}
