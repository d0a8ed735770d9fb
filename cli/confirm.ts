import { formatDuration, formatUsd, type Run } from "../src/policy/index.ts";
import { minuteOf } from "../src/watchdog/model/minute.ts";
import { type Invocation, type Option, targetText } from "./command.ts";
import type { Args } from "./options/args.ts";

/** The options of every command that asks before it does what weakens protection, stops runs or lets them go. */
export const ASKS: Readonly<Record<string, Option>> = {
  "dry-run": { about: "Show what it would do, and do nothing" },
  yes: { about: "Do not ask first: where there is no terminal, what asks needs it" },
};

/** Does a plan have to be made, for a person or a dry run? With `--yes` alone nothing is asked. */
export const asksFirst = (args: Args): boolean => args.flag("dry-run") || !args.flag("yes");

/** The exit code of what a person declined, and of what nobody could be asked about. */
const DECLINED = 1;
const NEEDS_YES = 2;

/** What is about to be done. */
type Deed = {
  /** Its consequences, a line each. */
  readonly plan: readonly string[];
  /** Without its question mark. */
  readonly question: string;
  /** What a program is told that it was not done. */
  readonly told: object;
};

const DRY = "Nothing was changed: this was a dry run.";

/**
 * May it be done? Then `undefined`: with `--yes`, or where the person at the terminal says so, who is shown the plan and in
 * the question the target. Else says why not, and returns the exit code: 0 for a dry run, 1 where the person declines, 2
 * where nobody can be asked.
 */
export async function confirmed(
  { args, terminal, signal, connect, answer }: Invocation,
  { plan, question, told }: Deed,
): Promise<number | undefined> {
  if (!asksFirst(args)) return undefined;
  const isDry = args.flag("dry-run");
  const asJson = args.flag("json");
  terminal.progress(undefined);
  if (isDry) {
    if (asJson) answer({ ...told, dryRun: true, plan });
    else terminal.out([...plan, DRY]);
    return 0;
  }
  if (plan.length > 0) terminal.err(plan.join("\n"));
  const { from: _from, ...target } = (await connect()).target;
  const typed = terminal.canAsk
    ? await terminal.ask(`${question}? (${targetText(target)}) [y/N] `, signal)
    : undefined;
  if (typed !== undefined && /^y(es)?$/i.test(typed.trim())) return undefined;
  terminal.err(
    typed === undefined
      ? "Nothing was changed. If this is meant, run it again with --yes."
      : "Nothing was changed.",
  );
  if (asJson) answer({ ...told, asked: plan });
  return typed === undefined ? NEEDS_YES : DECLINED;
}

/** Which run is about to be stopped or started again: what people know it by. */
export function runAtHand(run: Run, actorName: string, now: Date): readonly string[] {
  const { id, status, startedAt, usageTotalMicroUsd: cost } = run;
  const age = formatDuration(Math.max(0, Math.round((now.getTime() - startedAt.getTime()) / 1000)));
  const spent = cost === undefined ? "its cost is not known" : `${formatUsd(cost)} so far`;
  return [`Run ${id} of ${actorName}: ${status}, started ${age} ago (${minuteOf(startedAt)} UTC), ${spent}.`];
}
