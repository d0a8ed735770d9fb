import { parsePolicy } from "../src/policy/index.ts";
import { attestOpen } from "../src/watchdog/attest.ts";
import type { Outcome } from "../src/watchdog/context.ts";
import { type Entry, runChain } from "../src/watchdog/entry.ts";
import type { LiveRun } from "../src/watchdog/live.ts";
import { pushPolicy } from "../src/watchdog/operate.ts";
import type { TickReport } from "../src/watchdog/report.ts";
import { verifyAll } from "../src/watchdog/verify.ts";
import type { LocalWatchdog } from "./compose.ts";
import { TickError } from "./function-runner.ts";
import { entryLine, policyLines, runTable, summaryLine } from "./lines.ts";
import type { Scene } from "./scene.ts";
import type { StartOptions } from "./start-options.ts";

const TICK_MS = 60_000;
const ATTEST_MS = 10_000;
/** How long `--once` waits for what it stopped, in the account's own time. */
const ONCE_MS = 60_000;
const DAY_TICKS = 24 * 60;

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** One sitting of `npm start`: ticks, and what they did told in lines that a person understands. */
export class Session {
  readonly #scene: Scene;
  readonly #watchdog: LocalWatchdog;
  readonly #options: StartOptions;
  readonly #signal: AbortSignal;
  readonly #names = new Map<string, string>();
  #stopped = 0;
  #ticks = 0;

  constructor(scene: Scene, watchdog: LocalWatchdog, options: StartOptions, signal: AbortSignal) {
    this.#scene = scene;
    this.#watchdog = watchdog;
    this.#options = options;
    this.#signal = signal;
  }

  #say(line: string): void {
    if (!this.#options.json) console.log(line);
  }

  #nameOf = (actorId: string): string => this.#names.get(actorId) ?? actorId;

  async open(document: unknown, source: string): Promise<void> {
    const { ports } = this.#watchdog;
    const { policyVersion } = await ports.state.readControl();
    const inForce = policyVersion === undefined ? undefined : await ports.state.readPolicy(policyVersion);
    if (JSON.stringify(inForce) !== JSON.stringify(document)) await pushPolicy(ports, document, "npm start");
    const policy = parsePolicy(document);
    this.#say(this.#scene.intro);
    this.#say(`The function: ${this.#watchdog.function}`);
    this.#say(`The database: ${this.#watchdog.database}`);
    for (const line of policyLines(policy, source, policy.mode)) this.#say(line);
    this.#say("");
  }

  /** Learns the names of Actors for the lines; the watchdog itself asks only where the policy needs them. */
  async #learnNames(runs: Iterable<LiveRun>): Promise<void> {
    const { apify } = this.#watchdog.ports;
    for (const { run } of runs) {
      if (this.#names.has(run.actorId)) continue;
      const name = await apify.actorName(run.actorId, this.#signal).catch(() => undefined);
      this.#names.set(run.actorId, name ?? run.actorId);
    }
  }

  async #liveRuns(): Promise<readonly LiveRun[]> {
    const runs = [...(await this.#watchdog.ports.state.readLive()).runs.values()];
    await this.#learnNames(runs);
    return runs;
  }

  /** Tells what was written in the audit, in its own words. */
  async #tell(outcomes: readonly Outcome[], since: string): Promise<void> {
    for (const runId of new Set(outcomes.map((outcome) => outcome.runId))) {
      const chain = await this.#watchdog.ports.audit.readChain(runChain(runId));
      const kinds = outcomes.filter((outcome) => outcome.runId === runId).map(({ kind }) => kind);
      const entries = chain.map(({ text }) => JSON.parse(text) as Entry);
      for (const entry of entries.filter(({ at, kind }) => at >= since && kinds.includes(kind))) {
        if (entry.kind === "abort.confirmed") this.#stopped += 1;
        this.#say(entryLine(entry, this.#nameOf(entry.actorId ?? "")));
      }
    }
  }

  async #tick(): Promise<TickReport> {
    const report = await this.#watchdog.runner.tick();
    this.#ticks += 1;
    const runs = await this.#liveRuns();
    const now = new Date(report.startedAt);
    const nameOf = ({ run }: LiveRun) => this.#nameOf(run.actorId);
    if (this.#ticks === 1) for (const line of runTable(now, runs, nameOf)) this.#say(line);
    if (this.#ticks % 60 === 1) this.#say(summaryLine(now, runs, nameOf));
    await this.#tell(report.outcomes, report.startedAt);
    for (const [reason, count] of Object.entries(report.skipped)) {
      if (this.#ticks % 60 === 1) this.#say(`       not judged  ${count} × ${reason}`);
    }
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
      const since = ports.clock.now().toISOString();
      const more = await attestOpen(ports, {
        signal: this.#signal,
        endsBy: new Date(ports.clock.now().getTime() + TICK_MS),
      });
      await this.#tell(more, since);
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
      } catch (error) {
        if (!(error instanceof TickError) || this.#ticks === 0 || error.kind === "ConfigError") throw error;
        this.#say(`       this tick failed: ${error.message}`);
      }
      const took = this.#watchdog.ports.clock.now().getTime() - began;
      await this.#scene.pass(Math.max(0, TICK_MS - took), this.#signal);
    }
    return this.#close();
  }

  async #close(): Promise<number> {
    const { ports, logFile } = this.#watchdog;
    const to = ports.clock.now();
    const { chains, entries, findings } = await verifyAll(ports.audit, {
      from: new Date(to.getTime() - 400 * 86_400_000),
      to,
    });
    const { openIntents } = await ports.state.readControl();
    this.#say("");
    const stopped = count(this.#stopped, "run");
    this.#say(`${count(this.#ticks, "tick")}, ${stopped} stopped and confirmed.`);
    for (const { runId } of openIntents)
      this.#say(`still to be confirmed: ${runId}; the next tick looks again`);
    this.#say(
      findings.length === 0
        ? `The audit: ${count(entries, "entry", "entries")} in ${count(chains, "chain")}, verified: none changed, removed, reordered or cut off.`
        : `The audit does NOT verify:\n${findings.map(({ chain, sequence, problem }) => `  ${chain} ${sequence ?? ""}: ${problem}`).join("\n")}`,
    );
    this.#say(
      `Look further: the function's log is in ${logFile}; the policy is in policy.yaml; npm start -- --help`,
    );
    return findings.length === 0 ? 0 : 1;
  }
}
