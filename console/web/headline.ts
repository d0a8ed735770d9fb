import type { Part } from "../api.ts";
import type { Line } from "./state.ts";
import { heldIn, type Status } from "./told.ts";
import { clockText, exactlyAgo, fromNow, sentence, spanText } from "./words.ts";

/** Is it awake, in one word and a sentence: what stands at the top of the page, wherever it is scrolled to. */
export type Headline = {
  readonly tone: "good" | "dim" | "warn" | "bad";
  readonly word: string;
  readonly says: string;
  /** When the last complete tick was, where that is known. */
  readonly tick?: string;
};

const TONES = { guarding: "good", observing: "dim", paused: "warn", "not guarding": "bad" } as const;

const MEANS = {
  guarding: "Runs that breach the policy are stopped.",
  observing: "No rule stops anything: what breaches is only recorded.",
  paused: "Nothing is stopped until the pause ends.",
  "not guarding": "Nothing is stopped",
} as const;

/** For so long a question may be open before the headline says so. */
const SLOW_SECS = 10;

function whyNot({ alive, lastCompleteAt, policyVersion }: Status): string {
  if (!alive) return lastCompleteAt === null ? "no tick has been complete yet" : "no complete tick in time";
  return policyVersion === null ? "no policy was pushed" : "";
}

function pauseText({ paused }: Status, now: Date): string {
  if (paused === null) return MEANS.paused;
  const end = paused.until
    ? `until ${clockText(paused.until)} UTC, ${fromNow(paused.until, now)}`
    : "until somebody resumes";
  return sentence(`Nothing is stopped ${end}. Paused by ${paused.by}: ${paused.reason}`);
}

function meaning(status: Status, now: Date): string {
  if (status.guarding === "paused") return pauseText(status, now);
  const why = status.guarding === "not guarding" ? whyNot(status) : "";
  return `${MEANS[status.guarding]}${why && `: ${why}.`}`;
}

const tickText = ({ lastCompleteAt }: Status, now: Date): string =>
  lastCompleteAt === null
    ? "no complete tick so far"
    : `last complete tick ${exactlyAgo(lastCompleteAt, now)}`;

/** What it was when it was last known. */
function lastWords(part: Part | undefined): string {
  const held = heldIn<Status>(part);
  return held ? ` At ${clockText(held.at)} UTC it was ${held.value.guarding}.` : "";
}

function lostWords(line: Line & { readonly kind: "lost" }, now: Date): string {
  if (line.refused)
    return "The console's server does not take this page: four others are open, or it was started again. Close another and load this one again, or run watchdog console and open the address that it prints.";
  const secs = (now.getTime() - line.since.getTime()) / 1000;
  return `The console's server has not been heard for ${spanText(secs)}. Is watchdog console still running in its terminal?`;
}

export function headlineOf(part: Part | undefined, line: Line, now: Date): Headline {
  if (line.kind === "lost")
    return { tone: "bad", word: "Not connected", says: `${lostWords(line, now)}${lastWords(part)}` };
  if (part === undefined) return { tone: "dim", word: "Reading", says: "Reading the watchdog's tables." };
  if (part.kind === "failed")
    return {
      tone: "bad",
      word: "Not known",
      says: `${sentence(`Its tables can't be read: ${part.says}`)}${lastWords(part)}`,
    };
  const held = heldIn<Status>(part);
  if (part.kind === "slow") {
    const secs = (now.getTime() - Date.parse(part.since)) / 1000;
    const says = `Its tables have not answered for ${spanText(secs)}.${lastWords(part)}`;
    if (held === undefined) return { tone: "dim", word: "Reading", says };
    if (secs >= SLOW_SECS) return { tone: "warn", word: "Not known", says };
  }
  if (held === undefined) return { tone: "dim", word: "Reading", says: "Reading the watchdog's tables." };
  const { value: status } = held;
  return {
    tone: TONES[status.guarding],
    word: status.guarding,
    says: meaning(status, now),
    tick: tickText(status, now),
  };
}

/** What a tab says of it among others: how many things need a person, and how it is. */
export const titleText = (part: Part | undefined, line: Line, now: Date, needs: number): string => {
  const { word } = headlineOf(part, line, now);
  const target = heldIn<Status>(part)?.value.target;
  return `${needs > 0 ? `(${needs}) ` : ""}${word.slice(0, 1).toUpperCase()}${word.slice(1)}${target ? `: ${target.name}` : ""} – watchdog`;
};
