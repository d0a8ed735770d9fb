import { type Context, errorText, skip } from "./context.ts";
import { ApifyError } from "./errors.ts";

/**
 * The phases of one tick. One that fails is told and counted, and the others go on, but for a refused token: after that
 * only what needs no token does. What must not pass in silence is thrown by `finish`, once all that could be done is.
 */
export class Phases {
  readonly #context: Context;
  #refused: ApifyError | undefined;
  #grave: unknown;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Did Apify refuse the token? */
  get areOver(): boolean {
    return this.#refused !== undefined;
  }

  /** `grave`: a failure makes the tick fail at its end. Returns whether the work was done. */
  async run(
    what: string,
    work: () => Promise<void>,
    { grave = false, needsToken = true }: { grave?: boolean; needsToken?: boolean } = {},
  ): Promise<boolean> {
    if (needsToken && this.areOver) return false;
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof ApifyError && error.isAuthorisation) this.#refused ??= error;
      else if (grave) this.#grave ??= error;
      this.#context.ports.log.warn(`${what} failed`, { error: errorText(error) });
      skip(this.#context, `${what} failed`);
      return false;
    }
  }

  /** Throws what was grave: a refused token first. */
  finish(): void {
    const error = this.#refused ?? this.#grave;
    if (error !== undefined) throw error;
  }
}
