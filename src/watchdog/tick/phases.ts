import { type ApifyError, ClockError, isOfProcess, type TokenError } from "../model/errors.ts";
import type { Live } from "../model/live.ts";
import { alert, type Noting, skipFailed } from "../model/pass.ts";
import type { Attempt } from "../stop/perform.ts";
import type { Opened } from "./open.ts";

/** A tick under way: its pass, the live index as the tick knows that it stands, and its phases. */
export type Tick = Pick<Opened, "pass"> & { base: Live; readonly phases: Phases };

/** A failure makes the pass fail at its end. */
export const GRAVE = { grave: true };
/** Goes on when Apify has refused the token, too. */
export const WITHOUT_TOKEN = { needsToken: false };

/** A refusal tells Apify's time as well as any answer: who is refused, and has a wrong clock, must not write by it. */
function clockErrorIn(error: unknown): ClockError | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return error instanceof ClockError ? error : cause instanceof ClockError ? cause : undefined;
}

/**
 * The phases of one pass. One that fails is told and counted, and the others go on, except after a refused token: then
 * only what needs no token does, and with a wrong clock nothing. What must not pass in silence is thrown by `finish`, once all that could be done is.
 */
export class Phases {
  readonly #noting: Noting;
  #refused: ApifyError | TokenError | undefined;
  #wrongClock: ClockError | undefined;
  #grave: unknown;

  constructor(noting: Noting) {
    this.#noting = noting;
  }

  /** Is the token refused or another user's, or does the clock differ from Apify's? */
  get areOver(): boolean {
    return this.#refused !== undefined || this.isClockWrong;
  }

  /** Does our clock differ from Apify's? Then nothing that it dates, or measures time by, may be done or written down. */
  get isClockWrong(): boolean {
    return this.#wrongClock !== undefined;
  }

  /** Returns what came of it; `undefined` when it was not done. */
  async run<T>(
    what: string,
    work: () => Promise<T>,
    { grave = false, needsToken = true }: { grave?: boolean; needsToken?: boolean } = {},
  ): Promise<{ readonly value: T } | undefined> {
    if (this.isClockWrong || (needsToken && this.areOver)) return undefined;
    try {
      return { value: await work() };
    } catch (error) {
      const wrongClock = clockErrorIn(error);
      if (wrongClock) this.#stopByClock(wrongClock);
      if (!(error instanceof ClockError) && isOfProcess(error)) this.#refused ??= error;
      else if (grave && !wrongClock) this.fail(error);
      skipFailed(this.#noting, what, error);
      return undefined;
    }
  }

  /** Makes the pass fail at its end. */
  fail(error: unknown): void {
    this.#grave ??= error;
  }

  #stopByClock(error: ClockError): void {
    this.#wrongClock ??= error;
    alert(this.#noting, "clock:", error.message);
  }

  /** The same, for work that is taken apart elsewhere. */
  readonly attempt: Attempt = (what, work) => this.run(what, work);

  /** Throws what was grave: a refused token first. A wrong clock is told as attention. */
  finish(): void {
    const error = this.#refused ?? this.#grave;
    if (error !== undefined) throw error;
  }
}
