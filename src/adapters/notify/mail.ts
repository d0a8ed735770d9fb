import type { Fact, Notice } from "../../watchdog/model/notice.ts";
import { countsOf, moreText, sharesOf } from "./in-full.ts";

/** Amazon SNS takes ASCII without line breaks, of less than 100 characters. Source: SNS API reference, Publish, Subject. */
const MOST_SUBJECT = 99;

const subjectLine = (text: string): string => text.replace(/[^ -~]/g, "?").slice(0, MOST_SUBJECT);

const NAME_WIDTH = 10;
const factLine = ({ name, value, url }: Fact): string =>
  `${name.padEnd(NAME_WIDTH)} ${value}${url === undefined ? "" : `, ${url}`}`;

const fullText = ({ title, text, facts }: Notice): string =>
  [title, text, "", ...facts.map(factLine)].join("\n");

const BETWEEN = `\n\n${"-".repeat(72)}\n\n`;

/** What a person reads in a mail: a line for the subject, and the text. */
export function mailOf(notices: readonly Notice[]): { readonly subject: string; readonly text: string } {
  const [first] = notices;
  const account = first?.account ?? "";
  if (first && notices.length === 1) {
    return { subject: subjectLine(`[${account}] ${first.title}`), text: fullText(first) };
  }
  const counts = countsOf(notices);
  const { inFull, lines, left } = sharesOf(notices);
  const rest = [
    ...lines.map(({ title, text }) => `${title}: ${text}`),
    ...(left > 0 ? [moreText(left)] : []),
  ].join("\n");
  const parts = [`${counts} of account ${account}`, ...inFull.map(fullText), ...(rest === "" ? [] : [rest])];
  return { subject: subjectLine(`[${account}] ${counts}`), text: parts.join(BETWEEN) };
}
