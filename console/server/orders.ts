import { lineProblem, MOST_REASON } from "../../src/policy/index.ts";
import { shellWord } from "../../src/watchdog/notify/place.ts";
import type { Order } from "../api.ts";
import { Refusal } from "./refusal.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The longest id, name or time. */
const MOST = 200;

/** A line of text in an order. Throws `Refusal` where it is none. */
function text(fields: Fields, name: string, most = MOST): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (typeof value !== "string" || value.trim() === "")
    throw new Refusal(400, `The order lacks "${name}": it is a text.`);
  const problem = lineProblem(value, most);
  if (problem) throw new Refusal(400, `"${name}": got ${problem.got}, wanted ${problem.expected}.`);
  return value;
}

/** Passed as one word: what it begins with can't make it an option. */
const option = (name: string, value: string): string => `--${name}=${value}`;

const optional = (fields: Fields, field: string, name: string): readonly string[] =>
  fields[field] === undefined ? [] : [option(name, text(fields, field))];

const SUBJECTS = ["run", "actor", "task", "rule"];

function subject(fields: Fields): string {
  const kind = text(fields, "subject");
  if (SUBJECTS.includes(kind)) return kind;
  throw new Refusal(400, `"subject" is one of ${SUBJECTS.join(", ")}.`);
}

type Line = {
  readonly command: readonly string[];
  readonly options?: readonly string[];
  /** Stands behind `--`, where all is words. */
  readonly word?: string;
};

const exempting = (order: Fields): readonly string[] => [
  option("until", text(order, "until")),
  ...optional(order, "ceilingUsd", "ceiling"),
];

const LINES: Readonly<Record<Order["act"], (order: Fields) => Line>> = {
  // Ticks watch the run until it has ended; whoever ordered it sees that in the timeline.
  stop: (order) => ({ command: ["abort"], options: ["--no-wait"], word: text(order, "runId") }),
  "let-run": (order) => ({
    command: ["exempt", "add"],
    options: [option("run", text(order, "runId")), ...exempting(order)],
  }),
  undo: (order) => ({ command: ["undo"], options: exempting(order), word: text(order, "stop") }),
  pause: (order) => ({ command: ["pause"], options: optional(order, "until", "until") }),
  resume: () => ({ command: ["resume"] }),
  release: (order) => ({ command: ["release"], word: text(order, "schedule") }),
  "end-exemption": (order) => ({
    command: ["exempt", "end"],
    options: [option(subject(order), text(order, "id")), ...optional(order, "ruleId", "rule")],
  }),
};

function lineOf(order: unknown): Required<Omit<Line, "word">> & Pick<Line, "word"> {
  const fields = (typeof order === "object" ? order : undefined) as Fields | null | undefined;
  const act = fields && Object.hasOwn(fields, "act") ? fields.act : undefined;
  if (!fields || typeof act !== "string" || !Object.hasOwn(LINES, act))
    throw new Refusal(400, `"act" is one of ${Object.keys(LINES).join(", ")}.`);
  const { command, options = [], word } = LINES[act as Order["act"]](fields);
  const reason = option("reason", text(fields, "reason", MOST_REASON));
  return { command, options: [...options, reason], ...(word !== undefined && { word }) };
}

/**
 * The command line that an order equals, without `watchdog` and the target; `how`: `--dry-run`, or `--yes`. Throws `Refusal`
 * for what is no order.
 */
export function orderArgv(order: unknown, ...how: readonly string[]): readonly string[] {
  const { command, options, word } = lineOf(order);
  return [...command, ...options, ...how, ...(word === undefined ? [] : ["--", word])];
}

/** An option as a person types it: `--reason 'wrong shop'`; one whose value begins with a dash in one word. */
function typedOption(written: string): string {
  const [, name, value] = /^--([a-z-]+)=(.*)$/s.exec(written) ?? [];
  if (name === undefined || value === undefined) return written;
  return value.startsWith("-") ? `--${name}=${shellWord(value)}` : `--${name} ${shellWord(value)}`;
}

/** The same as it is typed: `watchdog abort ID --no-wait --reason 'wrong shop'`. */
export function orderTyped(order: unknown): string {
  const { command, options, word } = lineOf(order);
  const all = options.map(typedOption);
  if (word?.startsWith("-")) return ["watchdog", ...command, ...all, "--", shellWord(word)].join(" ");
  const first = word === undefined ? [] : [shellWord(word)];
  return ["watchdog", ...command, ...first, ...all].join(" ");
}
