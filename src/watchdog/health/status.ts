import { type Exemption, formatCount, isPaused, type Mode, modeOf, type Pause } from "../../policy/index.ts";
import type { BudgetsView } from "../explain/budget-view.ts";
import { queryRuns, type RunsView, type RunView } from "../explain/query.ts";
import { viewOf } from "../model/control.ts";
import type { SourceHold } from "../model/holds/hold.ts";
import { holdsOf } from "../model/holds/sources.ts";
import type { Blind, Heartbeat, HeldStops } from "../model/live.ts";
import type { ReadPorts } from "../model/ports.ts";
import { unacknowledged } from "../policies/acknowledged.ts";
import { hasStop } from "../policies/weaker.ts";

/** In so long a complete tick is expected: three of a schedule that looks once a minute. */
export const ALIVE_WITHIN_MS = 3 * 60_000;

/** `guarding`: what breaches is stopped now. Of several that hold, the first in this order: none of them stops anything. */
export type Guarding = "not guarding" | "paused" | "observing" | "guarding";

/** How the watchdog is, as its tables have it. */
export type Status = {
  readonly guarding: Guarding;
  /** Was the last complete tick within the time that it is expected in? */
  readonly alive: boolean;
  /** When the last tick began that saw, judged and wrote down all that it had to. */
  readonly lastCompleteAt?: Date;
  /** The last tick at all, complete or not. */
  readonly lastTick?: Heartbeat;
  readonly policy?: {
    readonly version: number;
    readonly mode: Mode;
    /** How many rules are enforced, how many of these stop runs, and how many rules only observe. */
    readonly enforcing: number;
    readonly stopping: number;
    readonly observing: number;
    /** The version that it stands in for, and why that can't be used. */
    readonly fellBack?: { readonly version: number; readonly problem: string };
  };
  readonly pause?: Pause;
  readonly exemptions: readonly Exemption[];
  /** The nearest to a limit first. */
  readonly runs: readonly RunView[];
  readonly openIntents: number;
  /** Schedules that are held. */
  readonly holds: readonly SourceHold[];
  readonly budgets: BudgetsView;
  /** Absent where no tick has written down how it went. */
  readonly blockedStops?: HeldStops;
  readonly blind: readonly Blind[];
  /** What calls for a person and was not acknowledged, as the last tick found it. */
  readonly attention: readonly string[];
};

function policyOf({ inForce }: RunsView): Status["policy"] {
  if (inForce === undefined) return undefined;
  const { policy, version, fellBack } = inForce;
  const enforced = policy.rules.filter((rule) => modeOf(policy, rule) === "enforce");
  const enforcing = enforced.length;
  return {
    version,
    mode: policy.mode,
    enforcing,
    stopping: enforced.filter(hasStop).length,
    observing: policy.rules.length - enforcing,
    ...(fellBack && { fellBack }),
  };
}

/** What its rules do, in words: `2 rules stop runs, 1 rule only observes`. */
export const rulesText = ({ enforcing, stopping, observing }: NonNullable<Status["policy"]>): string =>
  (
    [
      [stopping, "rule stops runs", "rules stop runs"],
      [enforcing - stopping, "rule notifies or holds schedules", "rules notify or hold schedules"],
      [observing, "rule only observes", "rules only observe"],
    ] as const
  )
    .flatMap(([number, one, many]) => (number > 0 ? [formatCount(number, one, many)] : []))
    .join(", ");

const hasEnded = (exemption: Exemption, now: Date): boolean =>
  exemption.kind === "valid" && exemption.until <= now;

/** How the watchdog is at this moment. Asks nobody but the tables. `isOver`: what made the ticks is known to have ended. */
export async function readStatus(
  ports: Pick<ReadPorts, "state" | "audit" | "clock">,
  {
    withinMs = ALIVE_WITHIN_MS,
    isOver = false,
  }: { readonly withinMs?: number; readonly isOver?: boolean } = {},
): Promise<Status> {
  const view = await queryRuns(ports);
  const { control, heartbeat, index, runs } = view;
  const { completeAt } = index;
  const now = ports.clock.now();
  const alive = !isOver && completeAt !== undefined && now.getTime() - completeAt.getTime() <= withinMs;
  const policy = policyOf(view);
  const isPausedNow = isPaused(viewOf(control), now);
  const guarding = (): Guarding => {
    if (!alive || policy === undefined) return "not guarding";
    if (isPausedNow) return "paused";
    return policy.enforcing > 0 ? "guarding" : "observing";
  };
  return {
    guarding: guarding(),
    alive,
    ...(completeAt && { lastCompleteAt: completeAt }),
    ...(heartbeat && { lastTick: heartbeat }),
    ...(policy && { policy }),
    ...(isPausedNow && control.pause && { pause: control.pause }),
    exemptions: control.exemptions.filter((each) => !hasEnded(each, now)),
    runs,
    openIntents: control.openIntents.length,
    holds: holdsOf(control),
    budgets: view.budgets,
    ...(heartbeat && { blockedStops: heartbeat.heldStops ?? { runs: 0, usdPerHour: 0 } }),
    blind: heartbeat?.blind ?? [],
    attention: unacknowledged(heartbeat?.attention ?? [], control, now),
  };
}
