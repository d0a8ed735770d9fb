import { budgetLooksAfter, type Decisions, type Policy } from "../../policy/index.ts";
import { changeControl } from "../audit/append.ts";
import { driftProblems } from "../ledger/drift.ts";
import { forget, record } from "../ledger/record.ts";
import { fillLedger, tendLedger } from "../ledger/tend-ledger.ts";
import { ledgerFor } from "../ledger/tick-ledger.ts";
import { type Context, type PolicyInForce, skip } from "../model/context.ts";
import type { Control } from "../model/control.ts";
import type { AbsentPolicyError } from "../model/errors.ts";
import { withTickEnded } from "../model/intents.ts";
import type { Heartbeat } from "../model/live.ts";
import { checkUser, openContext, type TickOptions } from "../model/open.ts";
import { Phases } from "../model/phases.ts";
import type { Ports } from "../model/ports.ts";
import { type Coverage, observe } from "../observe/observe.ts";
import { keepTime } from "../overrule/keep-time.ts";
import { noteFallback } from "../policies/note-fallback.ts";
import { orAbsent } from "../policies/policy-in-force.ts";
import { attest } from "../stop/attest.ts";
import { decideOn, NOTHING, perform } from "../stop/perform.ts";
import { attentionOf } from "./attention.ts";
import { makeReport, type TickReport } from "./report.ts";
import { watch } from "./watch.ts";
import { writeLive } from "./write-live.ts";

/** Keeps which projections are at a step now, for a second look at them. */
async function noteBudgetLooks(context: Context, policy: Policy): Promise<void> {
  const { ledger, ports } = context;
  const view = await ledgerFor(context, policy);
  if (view === undefined) return;
  const looks = budgetLooksAfter(policy, view, ports.clock.now());
  ledger.budgets = { ...ledger.budgets, looks, lookedAt: view.readAt };
}

/** Decides on all that was observed, by the control state that the tick began with. */
async function decideAll(context: Context, { policy }: PolicyInForce, control: Control): Promise<Decisions> {
  const decided = await decideOn(context, policy, control);
  for (const [reason, count] of Object.entries(decided.unjudged)) skip(context, reason, count);
  await noteBudgetLooks(context, policy);
  return decided;
}

/**
 * One pass: observe, record, decide, act, attest. Starts from what is true now, so a tick that dies anywhere is
 * repaired by the next, and ticks may overlap. After all that could be done was done and the heartbeat is written, throws
 * what must not pass in silence: `ApifyError` on a refused token or a listing that failed, `ConfigError` or `PolicyError`
 * where a person must change something.
 */
export async function runTick(ports: Ports, options: TickOptions): Promise<TickReport> {
  ports.apify.takeRequestCount();
  ports.state.takeConsumedCapacity();
  let base = await ports.state.readLive();
  const context = await openContext(ports, base, options);
  const phases = new Phases(context);
  const grave = { grave: true };

  let decided = NOTHING;
  let inForce: PolicyInForce | undefined;
  let cover: Coverage | undefined;
  let attention: readonly string[] = [];
  let watched = 0;
  const isOurs = await phases.run("checking the Apify user", () => checkUser(ports, options.signal), grave);
  if (isOurs) {
    const control = await ports.state.readControl();
    let absent: AbsentPolicyError | undefined;
    const isRead = await phases.run(
      "reading the policy",
      async () => {
        ({ found: inForce, absent } = await orAbsent(context.policyOf(control)));
      },
      grave,
    );
    attention = attentionOf(control, inForce, absent);
    if (absent) skip(context, `policy version ${absent.version} is not in the store yet`);
    const fallback = inForce?.fellBack && inForce;
    if (fallback) await phases.run("writing down the fallback", () => noteFallback(context, fallback));
    const listing = async (): Promise<void> => {
      cover = await observe(context, inForce?.policy, base.cursor);
    };
    await phases.run("listing", listing, grave);
    const openRunIds = new Set(control.openIntents.map(({ runId }) => runId));
    await phases.run("recording", () => record(context, openRunIds));
    await phases.run("tending the ledger", () => tendLedger(context, sawAll(context, cover)));
    attention = [...attention, ...driftProblems(context.ledger.state?.drift ?? [])];
    await phases.run("keeping time", () => keepTime(context, control), { needsToken: false });

    const wasNonePushed = isRead && control.policyVersion === undefined;
    if (wasNonePushed) skip(context, "no policy was pushed", context.liveRunIds.size);
    if (inForce) decided = await decideAll(context, inForce, control);
    const pursued = inForce ? await perform(context, phases, decided, inForce) : new Set<string>();
    await phases.run("attesting", () => attest(context, pursued));
    const policy = inForce?.policy;
    if (policy) await phases.run("filling the ledger", () => fillLedger(context, policy));
  }

  const cursor = cover?.cursor ?? base.cursor;
  forget(context, cursor);
  const complete = sawAll(context, cover) && !options.signal.aborted && !phases.areOver;
  const heartbeat = heartbeatOf(context, cover, complete);
  const write = async (): Promise<void> => {
    base = await writeLive(context, base, { heartbeat, cursor });
  };
  await phases.run("writing the heartbeat", write, { needsToken: false });
  const until = options.watchUntil;
  if (inForce && until && !phases.areOver) {
    watched = await watch(context, phases, until);
    if (watched > 0)
      await phases.run("writing down what was looked at in time", write, { needsToken: false });
  }
  // Not before the wait is over: until then this tick may make more intents, and shares its allowance with the next.
  if (hasIntents(context)) await phases.run("ending the tick", () => endTick(context), { needsToken: false });
  const report = makeReport(context, { inForce, cover, decided, attention, watched });
  phases.finish();
  return report;
}

/** Was every live run seen, and all of it written down? */
const sawAll = ({ ledger }: Context, cover: Coverage | undefined): boolean =>
  cover?.complete === true && ledger.gap === undefined;

const hasIntents = ({ outcomes }: Context): boolean => outcomes.some(({ kind }) => kind === "abort.intended");

const endTick = async (context: Context): Promise<void> => {
  await changeControl(context.ports, (control) => ({
    next: withTickEnded(control, context.tick.id, context.ports.clock.now()),
  }));
};

const heartbeatOf = (context: Context, cover: Coverage | undefined, complete: boolean): Heartbeat => ({
  tickId: context.tick.id,
  startedAt: context.tick.startedAt,
  finishedAt: context.ports.clock.now(),
  listed: cover?.listed ?? 0,
  evaluated: context.observations.size,
  skipped: Object.fromEntries(context.skipped),
  complete,
});
