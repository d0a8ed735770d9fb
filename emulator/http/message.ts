/** A request; `url` is path and query (a whole URL will do). */
export type EmulatorRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** An answer, or the end of the connection without one; either is due `delayMs` from now. */
export type EmulatorResponse =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly delayMs: number;
    }
  | { readonly kind: "reset"; readonly delayMs: number };
