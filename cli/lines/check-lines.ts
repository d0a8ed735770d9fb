import type { Check } from "../../src/watchdog/health/checks/check.ts";
import { type Paint, padTo, wrap } from "../show/terminal.ts";
import { count } from "../show/words.ts";

type Look = { readonly columns: number; readonly paint: Paint };

const MARK_WIDTH = 6;
const ID_WIDTH = 16;
const INDENT = MARK_WIDTH + ID_WIDTH + 4;

const markOf = ({ ok }: Check) => (ok === null ? "?" : ok ? "ok" : "FAILED");
const FORMATS = { ok: "green", FAILED: ["bold", "red"], "?": "yellow" } satisfies Readonly<
  Record<string, Parameters<Paint>[0]>
>;

/** A check whose advice has its commands as they can be pasted. */
export const withPasteableFix = (check: Check, pasteable: (text: string) => string): Check =>
  check.fix === undefined ? check : { ...check, fix: pasteable(check.fix) };

/** A check in a line, what to do about it below. */
export function* checkLines(check: Check, { columns, paint }: Look): Generator<string> {
  const mark = markOf(check);
  const room = Math.max(24, columns - INDENT);
  const [first = "", ...more] = wrap(check.says, room);
  yield `${paint(FORMATS[mark], padTo(mark, MARK_WIDTH))}  ${padTo(check.id, ID_WIDTH)}  ${first}`;
  const fix = check.fix === undefined ? [] : wrap(`→ ${check.fix}`, room);
  for (const line of [...more, ...fix]) yield " ".repeat(INDENT) + line;
}

/** What came of all of them. */
export function checkSummary(checks: readonly Check[]): string {
  const failures = checks.filter(({ ok }) => ok === false).length;
  const open = checks.filter(({ ok }) => ok === null).length;
  const all = count(checks.length, "check");
  if (failures === 0 && open === 0) return `All is well: ${all}.`;
  const parts = [
    ...(failures > 0 ? [`${failures} failed`] : []),
    ...(open > 0 ? [`${open} could not be made`] : []),
  ];
  return `${all}: ${parts.join(", ")}.`;
}
