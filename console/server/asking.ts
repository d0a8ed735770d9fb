/** What a command line that was asked has answered. */
export type Asked = {
  /** 0 done, 1 something breached or failed, 2 wrong usage, 3 not all is known, 130 the signal aborted. */
  readonly code: number;
  /** What it printed with `--json`; absent where it printed nothing. */
  readonly json?: unknown;
  /** What else it said, in lines. */
  readonly said: string;
};

/** Asks the same commands as people do, on the one target that the console was opened on. Throws nothing. */
export interface Asking {
  /** Runs a command line, `["runs", "--actor", "acme/shop"]`, without `--json` and the target. Nothing is printed, nobody is asked. */
  ask(argv: readonly string[], signal: AbortSignal): Promise<Asked>;
  /** The time of the account, which on a pretend one goes by faster. */
  now(): Date;
  /** A text with its commands as they can be pasted, on this target. */
  pasteable(text: string): string;
}
