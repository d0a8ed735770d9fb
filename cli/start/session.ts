import { parsePolicy } from "../../src/policy/index.ts";
import { verifyAll } from "../../src/watchdog/audit/verify/verify.ts";
import { planPolicy } from "../../src/watchdog/explain/plan-policy.ts";
import { actorOf, type Entry } from "../../src/watchdog/model/entry.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { pushPolicy } from "../../src/watchdog/policies/policies.ts";
import { attestOpen } from "../../src/watchdog/tick/outside.ts";
import type { TickReport } from "../../src/watchdog/tick/report.ts";
import { policyLines } from "../lines/lines.ts";
import { summaryLines } from "../lines/summary.ts";
import { wrongClockOf } from "../lines/wrong-clock.ts";
import { CALLS } from "../package.ts";
import type { LocalWatchdog } from "./compose.ts";
import { Happenings } from "./happenings.ts";
import { lookInTime } from "./look-in-time.ts";
import type { Scene } from "./scene.ts";
import { Standing } from "./standing.ts";
import type { StartOptions } from "./start-options.ts";
import { TickError, tickOptions } from "./tick-runner.ts";
import type { View } from "./view.ts";

const TICK_MS = 60_000;
const ATTEST_MS = 10_000;
/** How long `--once` waits for what it stopped, in the account's own time. */
const ONCE_MS = 60_000;
const DAY_TICKS = 24 * 60;

/** One sitting of `npm start`: ticks, and what they did told in lines that a person understands. */
export class Session {
  readonly #scene: Scene;
  readonly #watchdog: LocalWatchdog;
  readonly #options: StartOptions;
  readonly #signal: AbortSignal;
  readonly #view: View;
  readonly #happenings: Happenings;
  readonly #standing: Standing;
  #ticks = 0;

  constructor(
    scene: Scene,
    watchdog: LocalWatchdog,
    { options, signal, view }: { options: StartOptions; signal: AbortSignal; view: View },
  ) {
    this.#scene = scene;
    this.#watchdog = watchdog;
    this.#happenings = new Happenings(watchdog.ports);
    this.#standing = new Standing(watchdog.ports, signal);
    this.#options = options;
    this.#signal = signal;
    this.#view = view;
  }

  async open(document: unknown, source: string): Promise<void> {
    const { ports } = this.#watchdog;
    const { isInForce } = await planPolicy(ports, document);
    if (!isInForce) await pushPolicy(ports, document, CALLS.start);
    const policy = parsePolicy(document);
    if (this.#watchdog.hadTables) this.#view.say(await this.#before());
    this.#view.say(`Function: ${this.#watchdog.function}`);
    this.#view.say(`Database: ${this.#watchdog.database}`);
    for (const line of policyLines(policy, source, policy.mode)) this.#view.say(line);
    this.#view.say("");
    await this.#happenings.open();
  }

  /** What becomes of the tables of an earlier sitting. */
  async #before(): Promise<string> {
    const { folder, fresh } = this.#scene;
    if (fresh) return `The day begins again: the tables of the last one, in ${folder}, were emptied.`;
    const { heartbeat } = await this.#watchdog.ports.state.readLive();
    const last = heartbeat ? `, whose last tick was at ${minuteOf(heartbeat.finishedAt)} UTC` : "";
    return `It goes on with the tables in ${folder}${last}.`;
  }

  #tell(entries: readonly Entry[]): void {
    for (const entry of entries) this.#view.entry(entry, this.#standing.nameOf(actorOf(entry) ?? ""));
  }

  async #tick(): Promise<TickReport> {
    const report = await this.#watchdog.runner.tick();
    const wrong = wrongClockOf(report);
    if (wrong !== undefined) throw new TickError("ConfigError", wrong);
    this.#ticks += 1;
    await this.#show(report, new Date(report.startedAt), await this.#happenings.gather());
    return report;
  }

  /** How things stand, and the entries that say how they came to. */
  async #show(report: TickReport, now: Date, entries: readonly Entry[]): Promise<void> {
    const isReadOnly = this.#scene.mode === "observe";
    const { remembered, ...standing } = await this.#standing.read(now);
    this.#view.moment({
      ...standing,
      report,
      isReadOnly,
      ...(isReadOnly && !this.#options.once && { nextAt: new Date(now.getTime() + TICK_MS) }),
      ticks: this.#ticks,
      ...this.#happenings.total(now, remembered),
    });
    this.#tell(entries);
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
      this.#tell(await this.#happenings.gather());
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
        const report = await this.#tick();
        await lookInTime(this.#watchdog, this.#scene, new Date(began + TICK_MS), this.#signal);
        const since = await this.#happenings.gather();
        if (since.length > 0) await this.#show(report, this.#watchdog.ports.clock.now(), since);
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
      ...this.#happenings.total(to),
      isReadOnly: this.#scene.mode === "observe",
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
