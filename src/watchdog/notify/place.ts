/** Whose notices these are, and where they are sent from. */
export type Place = {
  readonly account: string;
  /** The CloudFormation stack, where it is known. */
  readonly stack?: string;
  /** What runs the command line where this was deployed from: `npx apify-run-watchdog`. Without it `watchdog`. */
  readonly runner?: string;
};

/** What command lines begin with wherever they are written down. */
const PROGRAM = "watchdog";

/** The account that is guarded, and that command lines mean, where none is named. */
export const DEFAULT_ACCOUNT = "default";

/** How a command line is typed in one place: what runs it there, and the options that name its target. */
export type Typing = { readonly runner?: string | undefined; readonly target: string };

/** A command line as it can be typed, by what runs it and on its target. */
export function typedLine(command: string, { runner = PROGRAM, target }: Typing): string {
  const line = command.startsWith(`${PROGRAM} `) ? runner + command.slice(PROGRAM.length) : command;
  return target === "" ? line : `${line} ${target}`;
}

/** A command in a text of ours: at the beginning of a line or behind a colon, and up to its end. */
const COMMAND = /(^|: )(watchdog [a-z-][^\n]*)$/gm;

/** A text with its commands as they can be typed. */
export const withTypedLines = (text: string, typing: Typing): string =>
  text.replace(COMMAND, (_all, before: string, line: string) => before + typedLine(line, typing));

/**
 * A command line as it can be typed where the notice is read: by what runs it, with the stack, and the account where there may
 * be others.
 */
export function commandLine(command: string, { account, stack, runner }: Place): string {
  const which = account === DEFAULT_ACCOUNT ? "" : ` --account ${account}`;
  return typedLine(command, { runner, target: stack === undefined ? "" : `--stack ${stack}${which}` });
}

/** A run in Apify Console. Source: Apify docs, Actor output schema, `links.consoleRunUrl`. */
export const consoleRunUrl = (runId: string): string =>
  `https://console.apify.com/actors/runs/${encodeURIComponent(runId)}`;

/** A word as a shell takes it, whatever is in it. */
export const shellWord = (text: string): string =>
  /^[\w./~:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
