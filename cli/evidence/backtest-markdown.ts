import type { Backtest } from "../../src/watchdog/learn/backtest.ts";
import type { Front } from "../../src/watchdog/learn/front/front.ts";
import type { History } from "../../src/watchdog/learn/past.ts";
import { markdown, markdownTable } from "../show/markdown.ts";
import { byRule, coversText, limitsOfIt, outcomesOf, rowsOf, runColumns } from "./backtest-lines.ts";
import { frontMarkdown } from "./front-shown.ts";
import type { NameOf } from "./names.ts";

type Told = {
  readonly policy: string;
  readonly found: Backtest;
  readonly history: History;
  readonly notes: readonly string[];
  readonly nameOf: NameOf;
  /** What another policy would have done, in words. */
  readonly against?: string;
  /** The limit of one rule, moved. */
  readonly front?: Front | undefined;
  /** Whether `--fail-if` holds, where it was asked for. */
  readonly failed?: { readonly test: string; readonly is: boolean };
  /** List the runs, too. */
  readonly runs: boolean;
};

const items = (texts: readonly string[]): readonly string[] => texts.map((text) => `- ${markdown(text)}`);
const folded = (title: string, lines: readonly string[]): readonly string[] => [
  `<details><summary>${title}</summary>`,
  "",
  ...lines,
  "",
  "</details>",
];

/** A back-test in Markdown, for the summary of a pipeline's job: what it says first, what it rests on folded away. */
export function backtestMarkdown(told: Told): string {
  const { policy, found, history, notes, nameOf, against, front, failed, runs } = told;
  const { stops } = found;
  return [
    `### Back-test of ${markdown(policy)}`,
    "",
    ...(failed ? [`**${failed.is ? "Failed, because" : "Passed: not"} ${markdown(failed.test)}**`, ""] : []),
    markdown(coversText(found, history)),
    "",
    ...(stops.length > 0 ? markdownTable(rowsOf(found, nameOf), byRule) : ["It would have stopped nothing."]),
    "",
    ...items([...outcomesOf(found), ...(against ? [against] : [])]),
    "",
    ...(runs && stops.length > 0
      ? [...folded("The runs that it would have stopped", markdownTable(stops, runColumns(nameOf))), ""]
      : []),
    ...(front ? [...frontMarkdown(front), ""] : []),
    ...folded("What it leaves out, and what it takes for granted", items([...notes, ...limitsOfIt(found)])),
    "",
  ].join("\n");
}
