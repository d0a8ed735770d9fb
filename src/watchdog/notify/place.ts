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

/**
 * A command line as it can be typed where the notice is read: by what runs it, with the stack, and the account where there may
 * be others.
 */
export function commandLine(command: string, { account, stack, runner = PROGRAM }: Place): string {
  const line = command.startsWith(`${PROGRAM} `) ? runner + command.slice(PROGRAM.length) : command;
  if (stack === undefined) return line;
  return `${line} --stack ${stack}${account === DEFAULT_ACCOUNT ? "" : ` --account ${account}`}`;
}

/** A run in Apify Console. Source: Apify docs, Actor output schema, `links.consoleRunUrl`. */
export const consoleRunUrl = (runId: string): string =>
  `https://console.apify.com/actors/runs/${encodeURIComponent(runId)}`;

/** A word as a shell takes it, whatever is in it. */
export const shellWord = (text: string): string =>
  /^[\w./~:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
