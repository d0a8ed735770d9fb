import * as v from "valibot";
import { about, jsonSchemaOf, listOf, object, scalar, shown } from "./forms.ts";
import { type Hours, isTimeZone, parseDays, parseHours } from "./schedule.ts";

/** When a rule or a step applies, as people write it. */

export const timeZone = scalar(
  (raw) => (typeof raw === "string" && isTimeZone(raw) ? raw : undefined),
  "a time zone as IANA names it, such as Europe/Prague or UTC",
  { type: "string" },
);

const DAY = "(sun|mon|tue|wed|thu|fri|sat)";
const days = scalar(parseDays, "a day or a span of days such as sat or mon-fri", {
  type: "string",
  pattern: `^\\s*${DAY}(-${DAY})?\\s*$`,
});

const span = scalar<Hours>(parseHours, 'a span of the day such as "22:00-06:00", in quotes', {
  type: "string",
  pattern: String.raw`^\s*\d\d:\d\d\s*-\s*\d\d:\d\d\s*$`,
});

const whole = object({
  days: v.optional(about(listOf(days, "days such as mon-fri"), "Days of the week, or spans of them.")),
  hours: v.optional(
    about(listOf(span, 'spans such as "22:00-06:00"'), "By the clock on the wall; may go over midnight."),
  ),
  timeZone: v.optional(about(timeZone, "Its own, where it is not the policy's.")),
});

/** The policy\'s `timeZone` is filled in where the schedule has none of its own. */
export const schedule = shown(
  v.pipe(
    whole,
    v.check((value) => value.days !== undefined || value.hours !== undefined, "days, hours or both"),
  ),
  jsonSchemaOf(whole),
);
