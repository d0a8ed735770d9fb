import type { Order } from "../api.ts";
import { Refusal } from "./refusal.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A text of an order. Throws `Refusal` where it is none. */
function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new Refusal(400, `The order lacks "${name}", a text.`);
}

/** An id or a name that stands alone on a command line. */
function word(fields: Fields, name: string): string {
  const value = text(fields, name);
  if (/^[\w.~/][\w.~/-]*$/.test(value)) return value;
  throw new Refusal(400, `"${name}" has letters, digits and ._~/- only.`);
}

const option = (fields: Fields, field: string, name: string): readonly string[] =>
  fields[field] === undefined ? [] : [`--${name}=${text(fields, field)}`];

const SUBJECTS = ["run", "actor", "task", "rule"];

const WORDS: Readonly<Record<Order["act"], (order: Fields) => readonly string[]>> = {
  stop: (order) => ["abort", word(order, "runId"), "--no-wait"],
  "let-run": (order) => [
    ...["exempt", "add", `--run=${text(order, "runId")}`, `--until=${text(order, "until")}`],
    ...option(order, "ceilingUsd", "ceiling"),
  ],
  undo: (order) => [
    ...["undo", word(order, "stop"), `--until=${text(order, "until")}`],
    ...option(order, "ceilingUsd", "ceiling"),
  ],
  pause: (order) => ["pause", ...option(order, "until", "until")],
  resume: () => ["resume"],
  release: (order) => ["release", word(order, "schedule")],
  "end-exemption": (order) => {
    const subject = text(order, "subject");
    if (!SUBJECTS.includes(subject)) throw new Refusal(400, `"subject" is one of ${SUBJECTS.join(", ")}.`);
    return ["exempt", "end", `--${subject}=${text(order, "id")}`, ...option(order, "ruleId", "rule")];
  },
};

/** The command line that an order equals, without `watchdog`, the target, `--dry-run` and `--yes`. Throws `Refusal`. */
export function orderArgv(order: unknown): readonly string[] {
  const fields = (typeof order === "object" ? order : undefined) as Fields | undefined;
  const act = String(fields?.act);
  if (!fields || !Object.hasOwn(WORDS, act))
    throw new Refusal(400, `"act" is one of ${Object.keys(WORDS).join(", ")}.`);
  return [...WORDS[act as Order["act"]](fields), `--reason=${text(fields, "reason")}`];
}
