/** Whose notices these are, and where they are sent from. */
export type Place = {
  readonly account: string;
  /** The CloudFormation stack, where it is known. */
  readonly stack?: string;
};

/** The account that a stack's command lines mean where they name none. */
const USUAL_ACCOUNT = "default";

/** A command line as it can be typed where the notice is read: with the stack, and the account where there may be others. */
export function commandLine(command: string, { account, stack }: Place): string {
  if (stack === undefined) return command;
  return `${command} --stack ${stack}${account === USUAL_ACCOUNT ? "" : ` --account ${account}`}`;
}

/** A run in Apify Console. Source: Apify docs, Actor output schema, `links.consoleRunUrl`. */
export const consoleRunUrl = (runId: string): string =>
  `https://console.apify.com/actors/runs/${encodeURIComponent(runId)}`;

/** A word as a shell takes it, whatever is in it. */
export const shellWord = (text: string): string =>
  /^[\w./~:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
