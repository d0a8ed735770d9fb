import type { Ports } from "../src/watchdog/model/ports.ts";
import type { Operator } from "../src/watchdog/policies/operate.ts";
import type { Args } from "./options/args.ts";
import type { Paint, Terminal } from "./show/terminal.ts";

/** A watchdog's tables, and its Apify account as far as there is a token. */
export type Connection = {
  readonly ports: Ports;
  /** Whose tables these are, in words. */
  readonly where: string;
  /** Can Apify be asked? Where not, `ports.apify` throws an error that says why. */
  readonly hasApify: boolean;
  /** Who the caller is: an ARN on AWS, else user@host. */
  operator(): Promise<Operator>;
  close(): Promise<void>;
};

/** Everything that a command may use. */
export type Invocation = {
  readonly args: Args;
  readonly terminal: Terminal;
  readonly paint: Paint;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Opens the tables that the options or the environment name; closed when the command is over. */
  connect(): Promise<Connection>;
};

export type Option = {
  readonly about: string;
  /** What to write behind it; absent: it takes nothing. */
  readonly value?: string;
  readonly required?: boolean;
  readonly default?: string;
  /** What may be written, for shell completion and for messages. */
  readonly choices?: readonly string[];
};

type Positional = {
  readonly name: string;
  readonly about: string;
  readonly optional?: boolean;
  /** One or more of it; the last one. */
  readonly many?: boolean;
};

/** The exit code of an answer that leaves out a part of what was asked for, since it is not known. */
export const NOT_ALL_KNOWN = 3;

/** A command is static data and what it does. */
export type Command = {
  /** As it is called: `audit list`. */
  readonly name: string;
  readonly about: string;
  readonly positionals?: readonly Positional[];
  readonly options?: Readonly<Record<string, Option>>;
  /** Command lines without `watchdog`, each with what it does. Tests run every one of them. */
  readonly examples: readonly (readonly [string, string])[];
  /** More to know, shown under the help. */
  readonly notes?: string;
  /** It winds itself up when the signal aborts; others are just left. */
  readonly endsItself?: boolean;
  /** Returns the exit code: 0 done, 1 something breached or failed, or `NOT_ALL_KNOWN`. Throws `UsageError` for 2. */
  run(invocation: Invocation): Promise<number>;
};
