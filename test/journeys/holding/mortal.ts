import { openHoldsIn } from "../../../src/watchdog/audit/holds/hold-entries.ts";
import { CONTROL_CHAIN, type Entry } from "../../../src/watchdog/model/entry.ts";
import type { Ports, ScheduleAnswer } from "../../../src/watchdog/model/ports.ts";
import type { Watched } from "../../support/watch.ts";
import { inConsole, SCHEDULE, shown } from "./storm.ts";

/** How a process fares: it dies at so manieth call from the list of schedules on, or the answers to its changes are lost. */
export type Fate = {
  readonly diesAt?: number;
  /** Is that call's effect there all the same? */
  readonly after?: boolean;
  /** The answer to a change is lost, after its effect or instead of it. */
  readonly loses?: "after" | "instead";
};

/** Who changed the schedule last, and what was wrong with what we did to it. */
export class Witness {
  readonly wrongs: string[] = [];
  readonly done: string[] = [];
  last: "nobody" | "us" | "console" = "nobody";
  readonly #watched: Watched;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  edit(change: object): void {
    inConsole(this.#watched, change);
    this.last = "console";
  }

  async #control(): Promise<readonly Entry[]> {
    const stored = await this.#watched.ports.audit.readChain(CONTROL_CHAIN);
    return stored.map(({ text }) => JSON.parse(text) as Entry);
  }

  async #ours(change: "disable" | "enable", send: () => Promise<ScheduleAnswer>): Promise<ScheduleAnswer> {
    const open = openHoldsIn(await this.#control());
    const before = shown(this.#watched);
    if (open.length !== 1) this.wrongs.push(`${change}: ${open.length} promises are open`);
    if (change === "enable" && this.last !== "us") this.wrongs.push(`it enabled what ${this.last} left`);
    if (before?.isEnabled !== (change === "disable")) this.wrongs.push(`${change}: it was so already`);
    const answer = await send();
    if (answer.kind === "taken") {
      this.last = "us";
      this.done.push(change);
    }
    return answer;
  }

  /** A process of its own that fares so. */
  process({ diesAt, after = false, loses }: Fate = {}): {
    readonly ports: Ports;
    readonly calls: () => number;
  } {
    let calls = -1;
    let isDead = false;
    const mortal = <T extends object>(store: T): T =>
      new Proxy(store, {
        get(target, name) {
          const method: unknown = Reflect.get(target, name);
          if (typeof method !== "function") return method;
          return (...args: unknown[]) => {
            if (isDead && !/^take|^clock|^now/.test(String(name))) throw new Error("dead");
            const call = () => Reflect.apply(method, target, args) as unknown;
            if (name === "listSchedules" && calls < 0) calls = 0;
            const isIt = calls >= 0 && !/^take|^clock|^now/.test(String(name)) && calls++ === diesAt;
            if (!isIt) return call();
            isDead = true;
            if (!after) throw new Error("dead");
            return Promise.resolve(call()).then(() => Promise.reject(new Error("dead")));
          };
        },
      });
    const plain = this.#watched.process();
    const changing = (change: "disable" | "enable") => async (id: string, signal: AbortSignal) => {
      if (loses === "instead") return { kind: "lost", reason: "no answer" } as const;
      const send = () =>
        change === "disable"
          ? plain.apify.disableSchedule(id, signal)
          : plain.apify.enableSchedule(id, signal);
      const answer = await this.#ours(change, send);
      return loses === "after" ? ({ kind: "lost", reason: "no answer" } as const) : answer;
    };
    const apify = {
      ...plain.apify,
      disableSchedule: changing("disable"),
      enableSchedule: changing("enable"),
    };
    return {
      ports: { ...plain, apify: mortal(apify), state: mortal(plain.state), audit: mortal(plain.audit) },
      calls: () => calls,
    };
  }

  /** A tick of such a process; that it dies is no failure. */
  async tick(fate: Fate = {}): Promise<number> {
    const { ports, calls } = this.process(fate);
    await this.#watched.tick(ports).catch(() => undefined);
    return calls();
  }

  /** Every promise is closed once, and what is disabled is somebody else's, or a person is called for it. */
  async check(): Promise<readonly string[]> {
    const entries = await this.#control();
    const held = entries.filter(({ kind, intentId }) => kind === "source.held" && intentId === undefined);
    const wrongs = [...this.wrongs];
    for (const { entryId } of held) {
      const closings = entries.filter(({ intentId, kind }) => intentId === entryId && kind !== "source.held");
      if (closings.length !== 1) wrongs.push(`a promise has ${closings.length} closing entries`);
    }
    const { holds = [], left = [] } = await this.#watched.ports.state.readControl();
    if (holds.length > 0) wrongs.push("a hold is kept after its window");
    const isDisabled = shown(this.#watched)?.isEnabled === false;
    if (isDisabled && this.last !== "console") wrongs.push("it stays disabled, and nobody holds it");
    if (isDisabled && left.length === 0 && held.some(({ entryId }) => this.#isLeft(entries, entryId)))
      wrongs.push(`schedule ${SCHEDULE} is left disabled, and calls for nobody`);
    return wrongs;
  }

  #isLeft = (entries: readonly Entry[], holdId: string): boolean =>
    entries.some(({ intentId, change }) => intentId === holdId && change?.isLeftDisabled === true);
}
