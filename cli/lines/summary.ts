import { formatUsd } from "../../src/policy/index.ts";
import type { Verification } from "../../src/watchdog/audit/verify/verify.ts";
import { CALLS } from "../package.ts";
import { count } from "../show/words.ts";
import { forgoneText } from "./savings.ts";
import type { Total } from "./tally.ts";

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const lookFurther = (policyVersion: number | undefined) => [
  ["audit list --local", "what was decided and done, and why"],
  ["runs --local", "the live runs against their limits"],
  ["policy show --local", `the policy in force, version ${policyVersion}`],
  ["suggest --local", "limits from what the last 90 days of runs cost"],
  ["backtest inforce --local", "what the policy in force would have stopped in them"],
  ["--help", "the rest: scan, policy, abort, pause …"],
];

/** How a sitting of `npm start` ends: what came of it, whether the audit stands, and where to look further. */
export function summaryLines(
  sitting: Total & {
    readonly ticks: number;
    /** An account of one's own. */
    readonly isReadOnly: boolean;
    /** Runs whose stop is not confirmed yet. */
    readonly open: readonly string[];
    /** The one in force at the end, whoever pushed it. */
    readonly policyVersion: number | undefined;
    readonly verification: Verification;
    readonly logFile?: string;
    readonly folder: string;
  },
): readonly string[] {
  const { ticks, stopped, observed, held, warned, savedMicroUsd, open, verification, logFile, folder } =
    sitting;
  const did = `${count(stopped, "run")} stopped and confirmed`;
  const would = `${count(observed, "run")} would have been stopped`;
  const { chains, entries, findings } = verification;
  const lines = [`${count(ticks, "tick")}, ${sitting.isReadOnly ? `read-only: ${would}` : did}.`];
  if (observed > 0 && !sitting.isReadOnly) lines.push(`${would} in enforce mode.`);
  if (observed > 0) lines.push(`${capital(forgoneText(sitting))}.`);
  if (held + warned > 0) lines.push(`${held} held by a guard, ${count(warned, "notice")}.`);
  if (savedMicroUsd > 0) {
    lines.push(`Saved about ${formatUsd(savedMicroUsd)} so far: an estimate, at the rate they were burning.`);
  }
  for (const runId of open) lines.push(`still to be confirmed: ${runId}; the next tick looks again`);
  if (findings.length === 0) {
    const size = `${count(entries, "entry", "entries")} in ${count(chains, "chain")}`;
    lines.push(`The audit: ${size}, verified: none changed, removed, reordered or cut off.`);
  } else {
    lines.push("The audit does NOT verify:");
    for (const { chain, sequence, problem } of findings)
      lines.push(`  ${chain} ${sequence ?? ""}: ${problem}`);
  }
  return [
    ...lines,
    "",
    `Look further; the tables stay in ${folder}:`,
    ...lookFurther(sitting.policyVersion).map(
      ([command = "", what]) => `  ${CALLS.watchdog} ${command.padEnd(26)}${what}`,
    ),
    ...(logFile ? [`The log of the ticks is in ${logFile}.`] : []),
    `Other ways to start: ${CALLS.startWith} --help`,
  ];
}
