import type { Fact, Notice } from "../../watchdog/model/notice.ts";
import { countsOf, moreText, sharesOf } from "./in-full.ts";

/** A section takes 3,000 characters. Source: Slack docs, Block Kit, section block. */
const MOST_SECTION = 2_900;
/** Of one line, before it is escaped: which makes five characters of one at most. */
const MOST_LINE = 570;
/** Of each half of a line that stands for a whole notice. */
const MOST_HALF = 280;
/** Source: Slack docs, Block Kit: blocks in a message. */
const MOST_BLOCKS = 50;
/**
 * Of all blocks as JSON. Slack documents no such bound, and has been seen to refuse more than about 13,200 characters as
 * `msg_blocks_too_long`. Source: slackapi/bolt-js, issues 2509 and 2867.
 */
const MOST_CHARACTERS = 12_000;

/** What means something to Slack is written out: `<!channel>` would call everybody. Source: Slack docs, escaping text. */
const escaped = (text: string, most = MOST_LINE): string =>
  (text.length > most ? `${text.slice(0, most)}…` : text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");

const factLine =
  (command: string | undefined) =>
  ({ name, value, url }: Fact): string => {
    if (url !== undefined) return `*${name}*  <${url}|${escaped(value)}>`;
    if (value === command) return `*${name}*  \`${escaped(value).replaceAll("`", "'")}\``;
    return `*${name}*  ${escaped(value)}`;
  };

/** `verbatim`: nothing in it becomes a link, a channel or a person by itself. */
const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", verbatim: true, text } });

/** Lines in as few sections as hold them. */
function sectionsOf(lines: readonly string[]) {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last === undefined || last.length + line.length + 1 > MOST_SECTION) texts.push(line);
    else texts[texts.length - 1] = `${last}\n${line}`;
  }
  return texts.map(section);
}

const fullBlocks = ({ title, text, facts, command }: Notice) => [
  ...sectionsOf([`*${escaped(title)}*`, escaped(text)]),
  ...sectionsOf(facts.map(factLine(command))),
];

const DIVIDER = { type: "divider" };

type Block = ReturnType<typeof section> | typeof DIVIDER;

const AND_MORE = section("… and more, which is in the audit");

const fits = (blocks: readonly Block[]): boolean =>
  blocks.length <= MOST_BLOCKS && JSON.stringify(blocks).length <= MOST_CHARACTERS;

/** The first blocks, as many as one message takes, and a last one that says that there is more. */
function fitting(blocks: readonly Block[]): readonly Block[] {
  if (fits(blocks)) return blocks;
  const cut = (end: number): readonly Block[] => [...blocks.slice(0, end), AND_MORE];
  let end = Math.min(blocks.length, MOST_BLOCKS) - 1;
  while (!fits(cut(end))) end -= 1;
  return cut(end);
}

/** What a person reads in Slack: `text` in a notification, and `blocks` in the channel. */
export function slackMessage(notices: readonly Notice[]) {
  const [first] = notices;
  const account = first?.account ?? "";
  const headline = first && notices.length === 1 ? first.title : countsOf(notices);
  const { inFull, lines, left } = sharesOf(notices);
  const rest = [
    ...lines.map(({ title, text }) => `*${escaped(title, MOST_HALF)}*  ${escaped(text, MOST_HALF)}`),
    ...(left > 0 ? [moreText(left)] : []),
  ];
  return {
    text: escaped(`[${account}] ${headline}`),
    blocks: fitting([
      ...(notices.length > 1 ? [section(`*${escaped(headline)}* of account ${escaped(account)}`)] : []),
      ...inFull.flatMap((notice, index) => [...(index > 0 ? [DIVIDER] : []), ...fullBlocks(notice)]),
      ...(rest.length > 0 ? [DIVIDER, ...sectionsOf(rest)] : []),
    ]),
  };
}
