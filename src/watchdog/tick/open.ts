import type { Policy } from "../../policy/index.ts";
import { changeControl } from "../audit/append.ts";
import { ledgerFor } from "../ledger/tick-ledger.ts";
import { type Control, stateOf } from "../model/control.ts";
import { type Live, NO_BUDGET_MEMORY } from "../model/live.ts";
import { skip } from "../model/pass.ts";
import type { ActorOrTask, Ports, TokenUser } from "../model/ports.ts";
import { readLive, withoutImpossible } from "../observe/read-live.ts";
import { policyReader } from "../policies/policy-in-force.ts";
import type { Context } from "./context.ts";

export type TickOptions = {
  /** Aborts when the tick must stop starting work and write its heartbeat. */
  readonly signal: AbortSignal;
  /** When the process running this tick is over at the latest: after that its claims and allowance are free. */
  readonly endsBy: Date;
  /** Until when it may wait for steps that are about to be reached. Absent: it does not wait. */
  readonly watchUntil?: Date;
  /** No call may leave: the policy in force is judged in observe mode, and open intents are only looked after. */
  readonly observeOnly?: boolean;
  /** May schedules be disabled where a policy asks for it? */
  readonly allowHolds?: boolean;
  /** What calls for a person and was found before the tick, such as a deployment's policy that can't be used. */
  readonly attention?: readonly string[];
};

/**
 * The first tick's Apify user is the account's; a token of another user would be judged by the wrong history. Throws
 * `ConfigError` on one. An account without a run may leave open whose its token is: then there is nothing to watch yet.
 */
export async function checkUser(ports: Ports, signal: AbortSignal): Promise<TokenUser> {
  const { apify, state } = ports;
  const { apifyUserId } = await state.readControl();
  const user = await apify.checkUser(apifyUserId, signal);
  if (apifyUserId !== undefined || user.kind === "no-runs") return user;
  let guarded = user.id;
  await changeControl(ports, (now) => {
    guarded = now.apifyUserId ?? user.id;
    return now.apifyUserId === undefined ? { next: { ...stateOf(now), apifyUserId: user.id } } : undefined;
  });
  // Another tick was first: its user counts.
  return guarded === user.id ? user : apify.checkUser(guarded, signal);
}

/** The policy with no stop in it that is more than observed. */
const observed = (policy: Policy): Policy => ({
  ...policy,
  mode: "observe",
  rules: policy.rules.map(({ mode: _own, ...rule }) => rule),
});

/** Of which kinds exemptions were given by a name. */
const kindsNamed = ({ exemptions }: Control): ReadonlySet<ActorOrTask> =>
  new Set(
    exemptions.flatMap((each) =>
      each.kind === "valid" &&
      each.name !== undefined &&
      (each.subject.kind === "actor" || each.subject.kind === "task")
        ? [each.subject.kind]
        : [],
    ),
  );

/** A pass that goes on from this live index. */
export async function openContext(
  ports: Ports,
  {
    runs,
    recordings = 0,
    completeAt,
    budgets = NO_BUDGET_MEMORY,
    amiss = {},
    renamed = [],
    selecting,
    takenUp,
    awaitedUpTo,
  }: Live,
  { signal, endsBy, observeOnly = false, allowHolds = false }: TickOptions,
): Promise<Context> {
  const read = policyReader(ports);
  const { possible, impossible } = withoutImpossible(runs, ports.clock.now());
  const context: Context = {
    ports,
    tick: {
      id: ports.newTickId(),
      startedAt: ports.clock.now(),
      startedMs: ports.clock.monotonicMs(),
      endsBy,
    },
    signal,
    live: possible,
    observations: new Map(),
    known: new Map(),
    liveRunIds: new Set(),
    ...(completeAt && { completeAt }),
    judged: { runs: new Map(), spent: new Map(), blind: [] },
    observed: [],
    outcomes: [],
    toExplain: [],
    skipped: new Map(),
    attention: new Map(),
    ledger: { recordings },
    awaited: awaitedUpTo ? { upTo: awaitedUpTo } : {},
    budgets: { kept: budgets },
    amiss: { kept: amiss, renamed, selecting },
    takenUp: { kept: takenUp, hasFound: false, holds: { open: [], ended: [] } },
    inForce: {},
    observeOnly,
    allowHolds,
    async policyOf(control) {
      const found = await read(control);
      if (found) context.inForce.version = found.version;
      context.inForce.named = kindsNamed(control);
      return found && observeOnly ? { ...found, policy: observed(found.policy) } : found;
    },
    ledgerOf: (policy) => ledgerFor(context, policy),
  };
  skip(context, "remembered run with an impossible start", impossible);
  return context;
}

/** A pass that goes on from what the last one left, and the live index as that left it. */
export type Opened = { readonly pass: Context; readonly base: Live };

/** Opens a pass outside a tick. Throws `ConfigError` where the token is another user's than the account's. */
export async function openPass(ports: Ports, options: TickOptions): Promise<Opened> {
  // Where the machine was asleep since the last answer, the next one shows whether its clock is right.
  ports.apify.takeClockChecks();
  await checkUser(ports, options.signal);
  const base = await readLive(ports);
  return { base, pass: await openContext(ports, base, options) };
}
