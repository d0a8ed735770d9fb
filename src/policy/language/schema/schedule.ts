import * as v from "valibot";
import { figure, text } from "../../values/figure-forms.ts";
import { about, jsonSchemaOf, listOf, object, scalar, shown } from "../../values/forms.ts";
import { daysHint, hoursHint, zoneHint } from "../../values/hints.ts";
import { DAYS, isTimeZone, parseDays, parseHours } from "../../values/schedule.ts";

/** When a rule or a step applies, as people write it. */

export const timeZone = scalar(
  (raw) => (typeof raw === "string" && isTimeZone(raw) ? raw : undefined),
  "a time zone as IANA names it, for example Europe/Prague or UTC",
  { type: "string", examples: ["UTC", "Europe/Prague", "America/New_York"] },
  zoneHint,
);

/** In capitals, too. */
const anyCase = (name: string): string =>
  name.replace(/./g, (letter) => `[${letter}${letter.toUpperCase()}]`);

const DAY = `(${DAYS.map(anyCase).join("|")})`;
const days = figure(
  text([String.raw`^\s*${DAY}(-${DAY})?\s*$`], parseDays),
  "a day or a span of days, for example sat or mon-fri",
  ["mon-fri", "sat-sun", ...DAYS],
  daysHint,
);

const CLOCK = String.raw`([01]\d|2[0-3]):[0-5]\d`;
/** A span as 08:00-08:00 is empty, or all day: nobody can tell. */
const EMPTY = String.raw`(\d\d:\d\d)\s*-\s*\1`;
const span = figure(
  text([String.raw`^\s*(?!${EMPTY})${CLOCK}\s*-\s*(${CLOCK}|24:00)\s*$`], parseHours),
  'a span of the day, for example "22:00-06:00", in quotes',
  ["08:00-18:00", "22:00-06:00"],
  hoursHint,
);

const whole = object({
  days: v.optional(about(listOf(days, "days, for example mon-fri"), "Days of the week, or spans of them.")),
  hours: v.optional(
    about(
      listOf(span, 'spans, for example "22:00-06:00"'),
      "By the clock on the wall, the end not included; may go over midnight.",
    ),
  ),
  timeZone: v.optional(about(timeZone, "As IANA names it. Default: the policy's.")),
});

/** The policy's `timeZone` is filled in where the schedule has none of its own. */
export const schedule = shown(
  v.pipe(
    whole,
    v.check((value) => value.days !== undefined || value.hours !== undefined, "days, hours or both"),
  ),
  { ...jsonSchemaOf(whole), anyOf: [{ required: ["days"] }, { required: ["hours"] }] },
);
