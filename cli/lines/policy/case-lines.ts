import type { CaseOutcome, RunOutcome } from "../../../src/policy-test/index.ts";
import { against } from "../../../src/watchdog/audit/describe.ts";
import { type Paint, padTo, type Terminal, wrap } from "../../show/terminal.ts";

type Look = Pick<Terminal, "columns" | "isTty"> & { readonly paint: Paint };

const INDENT = "      ";

const broken = (text: string, indent: string, { columns }: Look): readonly string[] =>
  wrap(text, columns - indent.length).map((line) => `${indent}${line}`);

/** What was expected and what came, and why: what the decision rests on, and what each rule says. */
function runLines(
  { runId, differences, why, rules }: RunOutcome,
  isOne: boolean,
  look: Look,
): readonly string[] {
  const { paint } = look;
  const width = Math.max(0, ...rules.map(({ ruleId }) => ruleId.length));
  return [
    ...(isOne ? [] : [`${INDENT}${runId}`]),
    ...differences.flatMap(({ key, expected, got, hint }) => [
      `${INDENT}${paint("red", `- ${key}: ${expected}`)}${hint ? `  ${hint}` : ""}`,
      `${INDENT}${paint("green", `+ ${key}: ${got}`)}`,
    ]),
    ...broken(`why: ${why}`, INDENT, look),
    ...rules.flatMap(({ ruleId, says, share, place, ...rule }) => {
      const { measured, metric, limit, unit, basis = "actual" } = rule;
      const figures =
        measured === undefined || place
          ? ""
          : `${against({ metric, measured, limit, unit, basis, observedAt: "", source: "" })}; `;
      return broken(`${padTo(ruleId, width)}  ${figures}${says}`, `${INDENT}  `, look);
    }),
  ];
}

/** One line on a case, which stands in that line of the file; where it failed, the differences and the reasons under it. */
export function caseLines(
  file: string,
  { name, passed, line, runs }: CaseOutcome & { readonly line: number },
  look: Look,
): readonly string[] {
  const { paint, isTty } = look;
  if (passed) return [`${paint("green", isTty ? "✓" : "ok  ")}  ${name}`];
  const failed = runs.filter(({ differences }) => differences.length > 0);
  return [
    `${paint(["bold", "red"], isTty ? "✗" : "FAIL")}  ${name}  ${paint("dim", `${file}:${line}`)}`,
    ...failed.flatMap((run) => runLines(run, runs.length === 1, look)),
  ];
}
