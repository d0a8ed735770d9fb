import * as v from "valibot";
import { parseBytes } from "../policy/values/bytes.ts";
import { parseDurationSecs } from "../policy/values/duration.ts";
import {
  eitherOf,
  exactly,
  type Form,
  isObject,
  jsonSchemaOf,
  scalar,
  shown,
} from "../policy/values/forms.ts";
import { parseInstant } from "../policy/values/instant.ts";
import { mbytesIn } from "../policy/values/memory.ts";
import { MAX_LIMIT_USD, parseUsd, toMicroUsd } from "../policy/values/money.ts";
import { nearest } from "../policy/values/nearest.ts";
import { parsePercent } from "../policy/values/share.ts";

/** The figures of a case, as people write them. Unlike a limit, a figure may be 0. */

const usd = (raw: unknown): number | undefined => {
  const micro = parseUsd(raw);
  return micro !== undefined && micro >= 0 && micro <= toMicroUsd(MAX_LIMIT_USD) ? micro : undefined;
};

const USD_JSON = { type: ["number", "string"] };

/** Whole micro-dollars. */
export const money = scalar(usd, "an amount in USD, 0 or more, for example 5 or 0.25", USD_JSON);

/** Micro-dollars; 0 is none: nobody set one. */
export const cap = scalar(
  (raw) => (raw === "none" ? 0 : usd(raw) || undefined),
  "a cap in USD (5), or none",
  USD_JSON,
);

/** Micro-dollars, not rounded: an event may cost less than one. */
export const price = scalar(
  (raw) => (typeof raw === "number" && raw >= 0 && raw <= MAX_LIMIT_USD ? raw * 1_000_000 : usd(raw)),
  "a price in USD, 0 or more, for example 0.002",
  USD_JSON,
);

/** Seconds. */
export const span = scalar(parseDurationSecs, "a duration, for example 0s, 90s, 6h or 1d12h", {
  type: "string",
});

/** Seconds; 0 is none, as at Apify. */
export const timeout = scalar(
  (raw) => (raw === "none" ? 0 : parseDurationSecs(raw) || undefined),
  "a timeout (6h), or none",
  { type: "string" },
);

export const instant = scalar(
  parseInstant,
  "a time with its zone (2026-11-25T12:00:00Z), or a day (2026-11-25), which begins in UTC",
  { type: "string" },
);

/** A time, or a span from the case's `now` on, in seconds. */
export const end = scalar<Date | number>(
  (raw) => parseDurationSecs(raw) ?? parseInstant(raw),
  "a time (2026-11-25T18:00:00Z), or how long from now (2h)",
  { type: "string" },
);

/** Any figure; of bytes also a size. */
export const figure = scalar(
  (raw) => (typeof raw === "number" && Number.isFinite(raw) ? raw : parseBytes(raw)),
  "a number, or for bytes a size (500MB, 20GiB)",
  { type: ["number", "string"] },
);

const MEMORY = /^\s*\d+(\.\d+)?\s*[MG]B\s*$/i;

/** Apify's megabytes: 1 GB is 1024 of them. */
export const memory = scalar(
  (raw) => (typeof raw === "string" && MEMORY.test(raw) ? mbytesIn(raw) : 0) || undefined,
  "a memory, for example 4GB or 512MB",
  { type: "string" },
);

export const flag = eitherOf<boolean>(
  (raw) => (raw === false ? exactly(false, "true or false") : exactly(true, "true or false")),
  [exactly(true, "true or false"), exactly(false, "true or false")],
);

export const share = scalar((raw) => parsePercent(raw), "a share of the limit, for example 80%", {
  type: "string",
});

/** Figures by name. `names`: those that are known; what is nearly one of them is a slip, and others are as they are. */
export function figuresBy<T>(form: Form<T>, what: string, names?: readonly string[]) {
  const slipOf = (key: string): string | undefined =>
    names === undefined || names.includes(key) ? undefined : nearest(key, names);
  const read = v.pipe(
    v.unknown(),
    v.rawTransform<unknown, Readonly<Record<string, T>>>(({ dataset, addIssue, NEVER }) => {
      const input = dataset.value;
      if (!isObject(input)) {
        addIssue({ message: `${what} by name, for example { a: 1 }` });
        return NEVER;
      }
      const found: Record<string, T> = {};
      for (const [key, raw] of Object.entries(input)) {
        const place = { type: "object", origin: "value", input, key, value: raw } as const;
        const meant = slipOf(key);
        if (meant)
          addIssue({ message: `"${meant}", or another of ${names?.join(", ")}`, path: [place as never] });
        const value = v.safeParse(form, raw);
        if (value.success) found[key] = value.output;
        else
          for (const { message, path = [] } of value.issues)
            addIssue({ message, path: [place as never, ...(path as [])] });
      }
      return found;
    }),
  );
  return shown(read, { type: "object", additionalProperties: jsonSchemaOf(form) });
}
