import { parseDurationSecs } from "./duration.ts";

/**
 * What people write who mean something that there is: the sentence that says it, or `undefined` where nobody can tell. Each
 * stands behind "got …, wanted …".
 */

/** Says what was likely meant of something that can't be read. */
export type Hint = (raw: unknown) => string | undefined;

export const didYouMean = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : `did you mean ${text}?`;

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^(w|wks?|weeks?)$/i, "w"],
  [/^(d|days?)$/i, "d"],
  [/^(h|hrs?|hours?)$/i, "h"],
  [/^(m|mins?|minutes?)$/i, "m"],
  [/^(s|secs?|seconds?)$/i, "s"],
];
const FALLING = UNITS.map(([, unit]) => unit);
const MONTHS = /^(\d+)\s*(M|mo|months?)$/;

const unitOf = (word: string): string | undefined => UNITS.find(([pattern]) => pattern.test(word))?.[1];

/** `1h30` is an hour and 30 minutes, `01:30` too: what has no unit is of the one below. */
function spanOf(text: string): string | undefined {
  const clock = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text);
  if (clock) return parts([Number(clock[1]), "h"], [Number(clock[2]), "m"], [Number(clock[3] ?? 0), "s"]);
  const said = text
    .replace(/^P(?=\d|T\d)/i, "")
    .replace(/(^|[DW])T(?=\d)/i, "$1")
    .replace(/,\s*|\band\b/gi, " ");
  const found = [...said.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)\s*/gi)];
  if (
    found
      .map(([all]) => all)
      .join("")
      .trim() !== said.trim()
  )
    return undefined;
  let above: string | undefined;
  const read = found.map(([, amount, word = ""]): readonly [number, string] | undefined => {
    const unit = word === "" ? FALLING[FALLING.indexOf(above ?? "s") + 1] : unitOf(word);
    above = unit;
    return unit === undefined ? undefined : [Number(amount), unit];
  });
  return read.every((each) => each !== undefined) ? parts(...read) : undefined;
}

const parts = (...spans: readonly (readonly [number, string])[]): string =>
  spans
    .filter(([amount]) => amount > 0)
    .toSorted(([, a], [, b]) => FALLING.indexOf(a) - FALLING.indexOf(b))
    .map(([amount, unit]) => `${amount}${unit}`)
    .join("");

export const durationHint: Hint = (raw) => {
  if (typeof raw !== "string") return undefined;
  const text = raw.trim();
  const [, months] = MONTHS.exec(text) ?? [];
  if (months) return `m is minutes; ${months} months are ${Number(months) * 30}d`;
  const span = spanOf(text);
  return span !== undefined && span !== text && parseDurationSecs(span) ? didYouMean(span) : undefined;
};

/** `5,00`, `1,000.50`, `1.000,50`, `5 dollars`. */
export const amountHint: Hint = (raw) => {
  if (typeof raw !== "string") return undefined;
  const [, figure] = /^\s*(?:usd|us\$|\$)?\s*([\d.,' ]*\d)\s*(?:usd|us\$|\$|dollars?)?\s*$/i.exec(raw) ?? [];
  if (figure === undefined) return undefined;
  const plain = /^\d{1,3}([,' ]\d{3})+(\.\d+)?$/.test(figure)
    ? figure.replace(/[,' ]/g, "")
    : /^(\d{1,3}(\.\d{3})+|\d+),\d{1,2}$/.test(figure)
      ? figure.replaceAll(".", "").replace(",", ".")
      : figure;
  return /^\d+(\.\d+)?$/.test(plain) && Number(plain) > 0 ? didYouMean(plain) : undefined;
};

const percentOf = (share: number): string => `${Number((share * 100).toPrecision(12))}%`;

/** A share as it is written: `0.8` is 80%, and so is 80. */
export const shareHint: Hint = (raw) => {
  const [, text = ""] =
    typeof raw === "string" ? (/^\s*([\d.]+)\s*(?:percent|pct)?\s*$/i.exec(raw) ?? []) : [];
  const share = typeof raw === "number" ? raw : text === "" ? Number.NaN : Number(text);
  if (!(share > 0)) return undefined;
  return `a share is written ${share < 1 ? percentOf(share) : `${share}%`}`;
};

export const trueHint: Hint = (raw) =>
  raw === 1 || (typeof raw === "string" && /^(true|yes|on|y)$/i.test(raw.trim()))
    ? didYouMean("true, without quotes")
    : undefined;

const DAY_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(weekdays?|workdays?|business days)$/i, "mon-fri"],
  [/^(weekends?)$/i, "sat-sun"],
  [/^(daily|every ?day|all)$/i, "mon-sun"],
];
const LONG_DAY = /^(sun|mon|tue|wed|thu|fri|sat)[a-z]*$/i;

export const daysHint: Hint = (raw) => {
  if (typeof raw !== "string") return undefined;
  const text = raw.trim();
  const word = DAY_WORDS.find(([pattern]) => pattern.test(text))?.[1];
  if (word) return didYouMean(word);
  const days = text.split(/\s*(?:-|–|to|\.\.)\s*/i).map((day) => LONG_DAY.exec(day)?.[1]?.toLowerCase());
  return days.length <= 2 && days.every((day) => day !== undefined) ? didYouMean(days.join("-")) : undefined;
};

function clockOf(text: string): string | undefined {
  const [, hour, minute = "00", half] = /^(\d{1,2})(?::?(\d\d))?\s*(am|pm)?$/i.exec(text.trim()) ?? [];
  if (hour === undefined) return undefined;
  const noon = half ? (Number(hour) % 12) + (half.toLowerCase() === "pm" ? 12 : 0) : Number(hour);
  return noon <= 24 && Number(minute) < 60 ? `${String(noon).padStart(2, "0")}:${minute}` : undefined;
}

/** `9-17`, `9:00 - 17:00`, `9am-5pm`. */
export const hoursHint: Hint = (raw) => {
  const clocks = typeof raw === "string" ? raw.split(/-|–|\bto\b/i).map(clockOf) : [];
  const isSpan = clocks.length === 2 && clocks.every((clock) => clock !== undefined);
  return isSpan && clocks[0] !== clocks[1] ? didYouMean(`"${clocks.join("-")}"`) : undefined;
};

/** What people copy out of a browser, or write as elsewhere: `https://apify.com/acme/shop`, `@acme/shop`. */
export const nameHint: Hint = (raw) => {
  if (typeof raw !== "string") return undefined;
  const [, id] = /^https?:\/\/console\.apify\.com\/.*?\b([A-Za-z0-9]{17})\b/.exec(raw.trim()) ?? [];
  if (id) return didYouMean(id);
  const name = /^(?:(?:https?:\/\/)?(?:www\.)?apify\.com\/|@)?\s*([\w.*-]+)\s*[/~]\s*([\w.*-]+)\/?\s*$/.exec(
    raw,
  );
  const plain = name ? `${name[1]}/${name[2]}` : undefined;
  return plain === raw ? undefined : didYouMean(plain);
};

/** A schedule as people copy it out of Apify's Console, or with its owner as Actors are named. */
export const scheduleHint: Hint = (raw) => {
  if (typeof raw !== "string") return undefined;
  const [, id] = /^https?:\/\/console\.apify\.com\/.*?\b([A-Za-z0-9]{17})\b/.exec(raw.trim()) ?? [];
  if (id) return didYouMean(id);
  const [, owned] = /^\s*[\w.-]+[/~]([\w.*-]+)\s*$/.exec(raw) ?? [];
  if (owned) return didYouMean(owned);
  const unique = raw.trim().toLowerCase().replace(/\s+/g, "-");
  return unique !== raw && /^[\w.*-]+$/.test(unique) ? didYouMean(unique) : undefined;
};

/** The beginning of a rule's id that can be one: `No run over 5 $` is `No-run-over-5`. */
export const idHint: Hint = (raw) => {
  if (typeof raw !== "string") return undefined;
  const id = raw
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-._]+|-+$/g, "")
    .slice(0, 64);
  return id === "" || id === raw ? undefined : didYouMean(id);
};

const ZONES: Readonly<Record<string, string>> = {
  PST: "America/Los_Angeles",
  PDT: "America/Los_Angeles",
  PT: "America/Los_Angeles",
  MDT: "America/Denver",
  CST: "America/Chicago",
  CDT: "America/Chicago",
  EDT: "America/New_York",
  ET: "America/New_York",
  BST: "Europe/London",
  CEST: "Europe/Prague",
  EEST: "Europe/Athens",
  IST: "Asia/Kolkata",
  JST: "Asia/Tokyo",
  AEST: "Australia/Sydney",
  Z: "UTC",
};

export const zoneHint: Hint = (raw) =>
  typeof raw === "string" ? didYouMean(ZONES[raw.trim().toUpperCase()]) : undefined;
