import { type Invocation, type Option, targetText } from "./command.ts";

/** The option of every command that asks before it does what weakens protection or stops runs. */
export const YES: Readonly<Record<string, Option>> = {
  yes: { about: "Do not ask first: where there is no terminal, what weakens protection needs it" },
};

/** What is about to be done: its consequences, a line each, and the question, without its question mark. */
type Deed = { readonly plan: readonly string[]; readonly question: string };

/**
 * May it be done? With `--yes` yes; on a terminal the person there is asked, after the plan and with the target in the
 * question; elsewhere not. Says itself why not: the caller does nothing then, and returns 1.
 */
export async function isConfirmed(
  { args, terminal, signal, connect }: Pick<Invocation, "args" | "terminal" | "signal" | "connect">,
  { plan, question }: Deed,
): Promise<boolean> {
  if (args.flag("yes")) return true;
  terminal.progress(undefined);
  if (!terminal.canAsk) {
    terminal.err([...plan, "Nothing was changed. If this is meant, run it again with --yes."].join("\n"));
    return false;
  }
  if (plan.length > 0) terminal.err(plan.join("\n"));
  const { target } = await connect();
  const answer = await terminal.ask(`${question}? (${targetText(target)}) [y/N] `, signal);
  if (/^y(es)?$/i.test(answer.trim())) return true;
  terminal.err("Nothing was changed.");
  return false;
}
