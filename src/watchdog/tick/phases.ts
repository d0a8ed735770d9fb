import { ApifyError } from "../model/errors.ts";
import { errorText, type Noting, skip } from "../model/pass.ts";
import type { Attempt } from "../stop/perform.ts";
import type { Opened } from "./open.ts";

/** A tick under way: its pass, the live index that it goes on from, and its phases. */
export type Tick = Opened & { readonly phases: Phases };

/** A failure makes the pass fail at its end. */
export const GRAVE = { grave: true };
/** Goes on when Apify has refused the token, too. */
export const WITHOUT_TOKEN = { needsToken: false };

/**
 * The phases of one pass. One that fails is told and counted, and the others go on, but for a refused token: after that
 * only what needs no token does. What must not pass in silence is thrown by `finish`, once all that could be done is.
 */
export class Phases {
  readonly #noting: Noting;
  #refused: ApifyError | undefined;
  #grave: unknown;

  constructor(noting: Noting) {
    this.#noting = noting;
  }

  /** Did Apify refuse the token? */
  get areOver(): boolean {
    return this.#refused !== undefined;
  }

  /** Returns what came of it; `undefined` when it was not done. */
  async run<T>(
    what: string,
    work: () => Promise<T>,
    { grave = false, needsToken = true }: { grave?: boolean; needsToken?: boolean } = {},
  ): Promise<{ readonly value: T } | undefined> {
    if (needsToken && this.areOver) return undefined;
    try {
      return { value: await work() };
    } catch (error) {
      if (error instanceof ApifyError && error.isOfToken) this.#refused ??= error;
      else if (grave) this.#grave ??= error;
      this.#noting.ports.log.warn(`${what} failed`, { error: errorText(error) });
      skip(this.#noting, `${what} failed`);
      return undefined;
    }
  }

  /** The same, for work that is taken apart elsewhere. */
  readonly attempt: Attempt = (what, work) => this.run(what, work);

  /** Throws what was grave: a refused token first. */
  finish(): void {
    const error = this.#refused ?? this.#grave;
    if (error !== undefined) throw error;
  }
}
