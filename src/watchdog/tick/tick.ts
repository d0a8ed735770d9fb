import type { Decisions } from "../../policy/index.ts";
import { changeControl } from "../audit/append.ts";
import { noteTampering } from "../audit/note-tampering.ts";
import { recallDue } from "../ledger/awaited.ts";
import { driftProblems } from "../ledger/drift.ts";
import { record } from "../ledger/record.ts";
import { fillLedger, tendLedger } from "../ledger/tend-ledger.ts";
import { withoutAhead, withTickEnded } from "../model/intents.ts";
import { skip } from "../model/pass.ts";
import type { Ports } from "../model/ports.ts";
import type { Coverage } from "../observe/list.ts";
import { observe } from "../observe/observe.ts";
import { readLive } from "../observe/read-live.ts";
import { keepTime } from "../overrule/keep-time.ts";
import { unacknowledged } from "../policies/acknowledged.ts";
import { attest } from "../stop/attest.ts";
import { explainStops } from "../stop/explain-stops.ts";
import { perform } from "../stop/perform.ts";
import { isCaughtUp, takeUp } from "../stop/take-up.ts";
import { attentionAfter, isGraveIn, lookBack } from "./attention/look-back.ts";
import { checkpoint, noteOverdue } from "./checkpoint.ts";
import { decideOnAll, NOTHING } from "./decide-on.ts";
import { answerDrill } from "./drill.ts";
import { findingsOf } from "./findings.ts";
import { sawAll, writeHeartbeat } from "./heartbeat.ts";
import { holdAndLetGo } from "./hold.ts";
import { openContext, type TickOptions } from "./open.ts";
import { GRAVE, Phases, type Tick, WITHOUT_TOKEN } from "./phases.ts";
import { makeReport, type TickReport } from "./report.ts";
import { type InControl, takeControl } from "./take-control.ts";
import { watchUntil } from "./watch-until.ts";
import { writeReturned } from "./write-live.ts";

/**
 * One pass, phase by phase. Starts from what is true now, so a tick that dies anywhere is repaired by the next, and ticks
 * may overlap. Where this machine's clock differs from Apify's it stops and writes nothing, and its attention says so. After all that could be done was done and the heartbeat is written, throws what must not pass in silence:
 * `ApifyError` on a refused token or a listing that failed, `ConfigError` or `PolicyError` where a person must change
 * something.
 */
export async function runTick(ports: Ports, options: TickOptions): Promise<TickReport> {
  const tick = await begin(ports, options);
  const taken = await takeControl(tick);
  const control = taken?.isOurs ? taken : undefined;
  const work = control ? await doWork(tick, control) : { ...NO_WORK, attention: taken?.attention ?? [] };
  noteUnchecked(tick, work.cover);
  noteOverdue(tick);
  const judged = await lookBack(tick, control, work);
  const calling = () => [
    ...(options.attention ?? []),
    ...work.attention,
    ...attentionAfter(tick.pass, judged.reasons),
  ];
  const findings = findingsOf(tick.pass, calling(), judged.blind, work.decided.decisions);
  // What a wrong clock dates is not written down: neither what this tick has seen, nor that it was here.
  const beat = tick.phases.isClockWrong
    ? undefined
    : await writeHeartbeat(tick, work.cover, { before: control?.state, isGrave: judged.isGrave, findings });
  const { watched, isComplete } = await watchUntil(tick, control, beat, options.watchUntil);
  await end(tick);
  await checkpoint(tick);
  await tick.phases.run("explaining stops", () => explainStops(tick.pass, control?.inForce?.policy));
  const attention = unacknowledged(calling(), taken?.state ?? {}, ports.clock.now());
  const complete = isComplete && !isGraveIn(tick.pass);
  const report = makeReport(tick.pass, {
    ...work,
    ...{ inForce: control?.inForce, attention, blind: judged.blind, complete, watched },
  });
  tick.phases.finish();
  return report;
}

type Work = {
  readonly cover: Coverage | undefined;
  readonly decided: Decisions;
  readonly attention: readonly string[];
};

const NO_WORK: Work = { cover: undefined, decided: NOTHING, attention: [] };

/** What is done with the token of the account alone. */
async function doWork(tick: Tick, control: InControl): Promise<Work> {
  await tick.phases.run("recalling ended runs", () => recallDue(tick.pass));
  const cover = await observeRuns(tick, control);
  if (cover) await setDatesRight(tick);
  const returned = () => writeReturned(tick.pass, tick.base);
  tick.base = (await tick.phases.run("remembering what lives again", returned))?.value ?? tick.base;
  const drift = await recordRuns(tick, control, cover);
  await tendControl(tick, control);
  const back = await takeUpIntents(tick, control);
  const decided = back ? await decideRuns(tick, control) : NOTHING;
  const pursued = await act(tick, control, decided);
  await attestIntents(tick, new Set([...pursued].filter((id) => !back?.has(id))));
  await holdAndLetGo(tick, control, decided);
  if (cover) await tick.phases.run("answering a drill", () => answerDrill(tick.pass, control));
  await fillWindows(tick, control);
  return { cover, decided, attention: [...control.attention, ...drift.map((each) => `drift: ${each}`)] };
}

/** Where no answer showed Apify's time, it goes on by our own clock, and says so. */
function noteUnchecked({ pass }: Tick, cover: Coverage | undefined): void {
  if (cover && pass.ports.apify.clockChecks() === 0) skip(pass, "no answer showed Apify's time");
}

async function begin(ports: Ports, options: TickOptions): Promise<Tick> {
  ports.apify.takeRequestCount();
  ports.apify.takeClockChecks();
  ports.state.takeConsumedCapacity();
  const base = await readLive(ports);
  const pass = await openContext(ports, base, options);
  return { base, pass, phases: new Phases(pass) };
}

async function observeRuns({ base, pass, phases }: Tick, { inForce, state }: InControl) {
  const look = () => observe(pass, inForce?.policy, base.cursor, state.exemptions);
  const listed = await phases.run("listing", look, GRAVE);
  if (listed?.value.error) phases.fail(listed.value.error);
  return listed?.value;
}

/** Not before an answer has shown that it is not our clock that is wrong. */
async function setDatesRight({ pass, phases }: Tick): Promise<void> {
  const change = () =>
    changeControl(pass.ports, (control) => {
      const next = withoutAhead(control, pass.ports.apify.now());
      return next && { next };
    });
  await phases.run("setting dates right", change, WITHOUT_TOKEN);
}

/** Returns why a person must look after the ledger, if so. */
async function recordRuns({ base, pass, phases }: Tick, { state }: InControl, cover: Coverage | undefined) {
  const openRunIds = new Set(state.openIntents.map(({ runId }) => runId));
  await phases.run("recording", () => record(pass, openRunIds));
  const watched = { sawAll: sawAll(pass, cover), cursor: base.cursor };
  await phases.run("tending the ledger", () => tendLedger(pass, watched));
  return driftProblems(pass.ledger.state?.drift ?? []);
}

/** Lets go what was promised for a time that is over; and writes down what the notifier has seen. */
async function tendControl({ pass, phases }: Tick, { state }: InControl): Promise<void> {
  await phases.run("keeping time", () => keepTime(pass, state), WITHOUT_TOKEN);
  await phases.run("writing down a tampering", () => noteTampering(pass, state), WITHOUT_TOKEN);
}

/**
 * Before anything is decided: what was stopped in the last hour counts in what may be. `undefined` where that is not known:
 * then nothing may be stopped.
 */
async function takeUpIntents({ pass, phases }: Tick, { state }: InControl) {
  const taken = await phases.run("taking up what the audit has open", () => takeUp(pass, state));
  if (taken || phases.areOver || isCaughtUp(pass, state)) return taken?.value ?? new Set<string>();
  skip(pass, "what was stopped in the last hour is not known", pass.liveRunIds.size);
  return undefined;
}

async function decideRuns({ pass }: Tick, { inForce, nonePushed, state }: InControl): Promise<Decisions> {
  if (nonePushed) skip(pass, "no policy was pushed", pass.liveRunIds.size);
  return inForce ? decideOnAll(pass, inForce.policy, state) : NOTHING;
}

/** Returns the runs that a stop was pursued for. */
async function act(
  { pass, phases }: Tick,
  { inForce }: InControl,
  decided: Decisions,
): Promise<ReadonlySet<string>> {
  return inForce ? perform(pass, phases.attempt, decided, inForce) : new Set();
}

async function attestIntents({ pass, phases }: Tick, pursued: ReadonlySet<string>): Promise<void> {
  await phases.run("attesting", () => attest(pass, pursued));
}

async function fillWindows({ pass, phases }: Tick, { inForce }: InControl): Promise<void> {
  if (inForce) await phases.run("filling the ledger", () => fillLedger(pass, inForce.policy));
}

/** Not before the wait is over: until then this tick may make more intents, and shares its allowance with the next. */
async function end({ pass, phases }: Tick): Promise<void> {
  const { outcomes, ports, tick } = pass;
  if (!outcomes.some(({ kind }) => kind === "abort.intended")) return;
  const change = () =>
    changeControl(ports, (control) => ({ next: withTickEnded(control, tick.id, ports.apify.now()) }));
  await phases.run("ending the tick", change, WITHOUT_TOKEN);
}
