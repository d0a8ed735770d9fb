import { parsePolicy } from "../../src/policy/index.ts";
import { verifyAll } from "../../src/watchdog/audit/verify/verify.ts";
import { viewBudgets } from "../../src/watchdog/explain/budget-view.ts";
import { planPolicy } from "../../src/watchdog/explain/plan-policy.ts";
import { viewRuns } from "../../src/watchdog/explain/query.ts";
import { storedLedger } from "../../src/watchdog/ledger/stored-ledger.ts";
import { actorOf, type Entry } from "../../src/watchdog/model/entry.ts";
import { storedKnown } from "../../src/watchdog/observe/known.ts";
import { pushPolicy } from "../../src/watchdog/policies/policies.ts";
import { lookForPolicy } from "../../src/watchdog/policies/policy-in-force.ts";
import { attestOpen } from "../../src/watchdog/tick/outside.ts";
import type { TickReport } from "../../src/watchdog/tick/report.ts";
import { actorsOf } from "../lines/budget-lines.ts";
import { policyLines } from "../lines/lines.ts";
import { summaryLines } from "../lines/summary.ts";
import { Tally } from "../lines/tally.ts";
import { wrongClockOf } from "../lines/wrong-clock.ts";
import { CALLS } from "../package.ts";
import { learnNames } from "../target/learn-names.ts";
import type { LocalWatchdog } from "./compose.ts";
import { lookInTime } from "./look-in-time.ts";
import type { Scene } from "./scene.ts";
import type { StartOptions } from "./start-options.ts";
import { TickError, tickOptions } from "./tick-runner.ts";
import type { View } from "./view.ts";

const TICK_MS = 60_000;
const ATTEST_MS = 10_000;
/** How long `--once` waits for what it stopped, in the account's own time. */
const ONCE_MS = 60_000;
const DAY_TICKS = 24 * 60;
/** An entry is dated before it is written: so far back is looked for what came late. */
const OVERLAP_MS = 60_000;

/** One sitting of `npm start`: ticks, and what they did told in lines that a person understands. */
export class Session {
  readonly #scene: Scene;
  readonly #watchdog: LocalWatchdog;
  readonly #options: StartOptions;
  readonly #signal: AbortSignal;
  readonly #view: View;
  readonly #names = new Map<string, string>();
  readonly #tally = new Tally();
  /** What is in force, read once per version: somebody may push another one meanwhile. */
  #inForce: Awaited<ReturnType<typeof lookForPolicy>>["inForce"];
  #ticks = 0;
  #openedAt = 0;
  #lookedAt = 0;
  /** Ids of the entries that were told. */
  readonly #told = new Set<string>();

  constructor(
    scene: Scene,
    watchdog: LocalWatchdog,
    { options, signal, view }: { options: StartOptions; signal: AbortSignal; view: View },
  ) {
    this.#scene = scene;
    this.#watchdog = watchdog;
    this.#options = options;
    this.#signal = signal;
    this.#view = view;
  }

  #nameOf = (actorId: string): string => this.#names.get(actorId) ?? actorId;

  async open(document: unknown, source: string): Promise<void> {
    const { ports } = this.#watchdog;
    const { isInForce } = await planPolicy(ports, document);
    if (!isInForce) await pushPolicy(ports, document, CALLS.start);
    const policy = parsePolicy(document);
    this.#view.say(this.#scene.intro);
    this.#view.say(`The function: ${this.#watchdog.function}`);
    this.#view.say(`The database: ${this.#watchdog.database}`);
    for (const line of policyLines(policy, source, policy.mode)) this.#view.say(line);
    this.#view.say("");
    this.#openedAt = ports.clock.now().getTime();
  }

  /** What was written in the audit since the last look, by whomever, counted. */
  async #gather(): Promise<readonly Entry[]> {
    const { state, audit, clock } = this.#watchdog.ports;
    const from = new Date(Math.max(this.#openedAt, this.#lookedAt - OVERLAP_MS));
    const to = clock.now();
    this.#lookedAt = to.getTime();
    const entries: Entry[] = [];
    for await (const { text } of audit.list({ from, to })) {
      const entry = JSON.parse(text) as Entry;
      if (!this.#told.has(entry.entryId)) entries.push(entry);
      this.#told.add(entry.entryId);
    }
    if (entries.length === 0) return [];
    const { runs } = await state.readLive();
    for (const entry of entries) this.#tally.note(entry, runs.get(entry.runId ?? ""));
    return entries;
  }

  #tell(entries: readonly Entry[]): void {
    for (const entry of entries) this.#view.entry(entry, this.#nameOf(actorOf(entry) ?? ""));
  }

  async #tick(): Promise<TickReport> {
    const report = await this.#watchdog.runner.tick();
    const wrong = wrongClockOf(report);
    if (wrong !== undefined) throw new TickError("ConfigError", wrong);
    this.#ticks += 1;
    const { state } = this.#watchdog.ports;
    const index = await state.readLive();
    const live = [...index.runs.values()];
    await learnNames(
      this.#watchdog.ports,
      live.map(({ run }) => run.actorId),
      this.#names,
      this.#signal,
    );
    const entries = await this.#gather();
    const now = new Date(report.startedAt);
    const control = await state.readControl();
    if (this.#inForce?.version !== control.policyVersion) {
      this.#inForce = (await lookForPolicy(this.#watchdog.ports, control)).inForce;
    }
    const runs = live.map(({ run }) => run);
    const policy = this.#inForce?.policy;
    const known = await storedKnown(state, policy, runs);
    const ledger = await storedLedger(state, policy, index, now);
    const budgets = viewBudgets(policy, ledger, now);
    await learnNames(this.#watchdog.ports, actorsOf(budgets), this.#names, this.#signal);
    this.#view.moment({
      now,
      runs: viewRuns(policy, live, control, ({ run }) => known(run), now, ledger),
      budgets,
      nameOf: this.#nameOf,
      report,
      ticks: this.#ticks,
      ...this.#tally.total(now),
    });
    this.#tell(entries);
    return report;
  }

  /** One tick, then a look now and then until what it stopped has ended. */
  async once(): Promise<number> {
    const { ports } = this.#watchdog;
    const report = await this.#tick();
    const outcomes = [...report.outcomes];
    for (let waited = 0; waited < ONCE_MS && !this.#signal.aborted; waited += ATTEST_MS) {
      const { openIntents } = await ports.state.readControl();
      if (openIntents.length === 0) break;
      await this.#scene.pass(ATTEST_MS, this.#signal);
      const options = tickOptions(ports, this.#scene.mode === "observe");
      const more = await attestOpen(ports, { ...options, signal: this.#signal });
      this.#tell(await this.#gather());
      outcomes.push(...more);
    }
    if (this.#options.json) console.log(JSON.stringify({ ...report, outcomes }, null, 2));
    return this.#close();
  }

  /** A tick a minute, until Ctrl-C; on the pretend account until its day is over. */
  async keepWatching(): Promise<number> {
    const isPretend = this.#scene.fresh;
    while (!this.#signal.aborted && !(isPretend && this.#ticks >= DAY_TICKS)) {
      const began = this.#watchdog.ports.clock.now().getTime();
      try {
        await this.#tick();
        await lookInTime(this.#watchdog, this.#scene, new Date(began + TICK_MS), this.#signal);
        this.#tell(await this.#gather());
      } catch (error) {
        if (!(error instanceof TickError) || this.#ticks === 0 || error.kind === "ConfigError") throw error;
        this.#view.say(`       this tick failed: ${error.message}`);
      }
      const took = this.#watchdog.ports.clock.now().getTime() - began;
      await this.#scene.pass(Math.max(0, TICK_MS - took), this.#signal);
    }
    return this.#close();
  }

  async #close(): Promise<number> {
    const { ports, logFile } = this.#watchdog;
    this.#view.end();
    const to = ports.clock.now();
    const verification = await verifyAll(ports);
    const { openIntents, policyVersion } = await ports.state.readControl();
    const lines = summaryLines({
      ticks: this.#ticks,
      ...this.#tally.total(to),
      policyVersion,
      open: openIntents.map(({ runId }) => runId),
      verification,
      ...(logFile && { logFile }),
      folder: this.#scene.folder,
    });
    for (const line of ["", ...lines]) this.#view.say(line);
    return verification.findings.length === 0 ? 0 : 1;
  }
}
