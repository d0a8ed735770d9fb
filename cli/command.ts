import type { Asking } from "../console/server/asking.ts";
import type { Pointer } from "../functions/pointer.ts";
import type { Ports } from "../src/watchdog/model/ports.ts";
import type { Resent } from "../src/watchdog/notify/resend.ts";
import type { Tried } from "../src/watchdog/notify/try-channels.ts";
import type { Operator } from "../src/watchdog/policies/operate.ts";
import type { Args } from "./options/args.ts";
import type { Paint, Terminal } from "./show/terminal.ts";

/** What named the target where the command line did not. */
export type TargetFrom = "WATCHDOG_STACK" | "use" | "this folder";

/** Which watchdog a command reads and acts on: told in every answer. */
export type Target = {
  readonly kind: "stack" | "folder" | "environment";
  /** The stack's, the folder's path, or that of the state table; without tables `TOKEN_ALONE`. */
  readonly name: string;
  readonly account: string;
  /** The Apify user that the account is, once a tick has seen it. */
  readonly apifyUser?: string;
  /** Absent where the command line, STATE_TABLE and AUDIT_TABLE name it. */
  readonly from?: TargetFrom;
};

const FROM: Readonly<Record<TargetFrom, string>> = {
  WATCHDOG_STACK: "from WATCHDOG_STACK",
  use: "from watchdog use",
  "this folder": "found in this folder",
};

/** The name of a target that has no tables: the account that this variable's token opens. */
export const TOKEN_ALONE = "APIFY_TOKEN";

/** In words: `stack RunWatchdog, account default, Apify user 8Bx3… (from WATCHDOG_STACK)`. */
export const targetText = ({ kind, name, account, apifyUser, from }: Target): string => {
  const isAlone = kind === "environment" && name === TOKEN_ALONE;
  if (isAlone) return `the account of ${name}${apifyUser === undefined ? "" : `, Apify user ${apifyUser}`}`;
  const place = kind === "environment" ? `table ${name}` : `${kind} ${name}`;
  const user = apifyUser === undefined ? "" : `, Apify user ${apifyUser}`;
  return `${place}, account ${account}${user}${from === undefined ? "" : ` (${FROM[from]})`}`;
};

/** What sends a watchdog's notifications. */
export type Courier = {
  /** Sends a test through every channel. `id`: by which it can be recognised. */
  test(id: string): Promise<readonly Tried[]>;
  /** Puts what channels gave up back into their queues. */
  resend(): Promise<readonly Resent[]>;
};

/** A watchdog's tables, and its Apify account as far as there is a token. */
export type Connection = {
  readonly ports: Ports;
  readonly target: Target;
  /** Of tables on this machine: does a process look at them, so that what is written there matters? */
  readonly isWatched?: boolean;
  /** Are its tables in other hands since it was opened, so that it has to be opened again? Absent where that can't be. */
  isStale?(): boolean;
  /** The names of tables on AWS; absent for those of this machine. */
  readonly tables?: { readonly stateTable: string; readonly auditTable: string };
  /** Where a stack's watchdog has its things; absent for tables without a stack. */
  readonly pointer?: Pointer;
  /** Can Apify be asked? Where not, `ports.apify` throws an error that says why. */
  readonly hasApify: boolean;
  /** Which API `ports.apify` asks, where it can be asked. */
  readonly apifyApiUrl?: string;
  /** Absent where nothing sends notifications. */
  readonly courier?: Courier;
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
  /** Runs other commands on the same target, for one that answers many questions; or on tables that `open` gives. */
  asking(open?: () => Promise<Connection>): Asking;
  /** Says which account it is that a command acts on without tables. */
  aim(target: Target): void;
  /** Which account a command acts on, once that is known. */
  target(): Target | undefined;
  /** A text with its commands as they can be pasted: by what runs this, and on this target. What goes to `err` has them already. */
  pasteable(text: string): string;
  /** Prints a JSON object, with the target where there is one. */
  answer(told: object, indent?: 0 | 2): void;
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

/** The option of every command that writes. */
export const FORCE: Readonly<Record<string, Option>> = {
  force: { about: "Write although the tables know other accounts and not this one" },
};

type Positional = {
  readonly name: string;
  readonly about: string;
  readonly optional?: boolean;
  /** What may be written, for shell completion. */
  readonly choices?: readonly string[];
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
  /**
   * Does it write to the tables, as it is called? Then it takes `FORCE`, and is refused where these don't know the account.
   */
  readonly writes?: (args: Args) => boolean;
  /** Is what it prints a list, to be shown in a pager where it is longer than the screen? */
  readonly pages?: true;
  /** It winds itself up when the signal aborts; others are just left. */
  readonly endsItself?: boolean;
  /** Returns the exit code: 0 done, 1 something breached or failed, or `NOT_ALL_KNOWN`. Throws `UsageError` for 2. */
  run(invocation: Invocation): Promise<number>;
};

/** The command that the words name, as far as they do. */
export function commandOf(words: readonly string[], commands: readonly Command[]): Command | undefined {
  return commands.find(({ name }) => name.split(" ").every((word, at) => words[at] === word));
}
