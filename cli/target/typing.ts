import { DEFAULT_ACCOUNT, shellWord, type Typing, withTypedLines } from "../../src/watchdog/notify/place.ts";
import type { Target } from "../command.ts";
import { CALLS } from "../package.ts";

/** The options that name a target on a command line, wherever it is typed on this machine. */
function optionsOf({ kind, name, account }: Target, written: string | undefined): string {
  if (kind === "folder") return "--local";
  const isOther = written !== undefined || (kind === "stack" && account !== DEFAULT_ACCOUNT);
  const which = isOther ? `--account ${shellWord(account)}` : "";
  // Tables in the environment are named there.
  return kind === "environment" ? which : `--stack ${shellWord(name)} ${which}`.trimEnd();
}

/**
 * How commands in answers are typed: by what runs this program, and on the target of the answer. `written`: the account
 * that the command line named.
 */
export const typingOf = (target: Target | undefined, written?: string | undefined): Typing => ({
  runner: CALLS.watchdog,
  target: target ? optionsOf(target, written) : "",
});

/** A text with its commands as they can be pasted here. */
export const pasteable = (text: string, target: Target | undefined, written?: string | undefined): string =>
  withTypedLines(text, typingOf(target, written));
