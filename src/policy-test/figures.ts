import * as v from "valibot";
import { parseBytes } from "../policy/values/bytes.ts";
import { parseDurationSecs } from "../policy/values/duration.ts";
import { type Form, isObject, jsonSchemaOf, scalar, shown } from "../policy/values/forms.ts";
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
export const money = scalar(usd, "an amount in USD, 0 or more, such as 5 or 0.25", USD_JSON);

/** Micro-dollars, not rounded: an event may cost less than one. */
export const price = scalar(
  (raw) => (typeof raw === "number" && raw >= 0 && raw <= MAX_LIMIT_USD ? raw * 1_000_000 : usd(raw)),
  "a price in USD, 0 or more, such as 0.002",
  USD_JSON,
);

/** Seconds. */
export const span = scalar(parseDurationSecs, "a duration such as 0s, 90s, 6h or 1d12h", { type: "string" });

/** Seconds; 0 is none, as at Apify. */
export const timeout = scalar(
  (raw) => (raw === "none" ? 0 : parseDurationSecs(raw) || undefined),
  "a timeout such as 6h, or none",
  { type: "string" },
);

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

const instantOf = (raw: unknown): Date | undefined => {
  const at = typeof raw === "string" && INSTANT.test(raw) ? new Date(raw) : undefined;
  return at && !Number.isNaN(at.getTime()) ? at : undefined;
};

export const instant = scalar(
  instantOf,
  "a time with its zone such as 2026-11-25T12:00:00Z, or a day such as 2026-11-25, which begins in UTC",
  { type: "string" },
);

/** A time, or a span from the case's `now` on, in seconds. */
export const end = scalar<Date | number>(
  (raw) => parseDurationSecs(raw) ?? instantOf(raw),
  "a time such as 2026-11-25T18:00:00Z, or how long from now such as 2h",
  { type: "string" },
);

/** Any figure; of bytes also a size. */
export const figure = scalar(
  (raw) => (typeof raw === "number" && Number.isFinite(raw) ? raw : parseBytes(raw)),
  "a number, or for bytes a size such as 500MB or 20GiB",
  { type: ["number", "string"] },
);

const MEMORY = /^\s*\d+(\.\d+)?\s*[MG]B\s*$/i;

/** Apify's megabytes: 1 GB is 1024 of them. */
export const memory = scalar(
  (raw) => (typeof raw === "string" && MEMORY.test(raw) ? mbytesIn(raw) : 0) || undefined,
  "a memory such as 4GB or 512MB",
  { type: "string" },
);

export const share = scalar((raw) => parsePercent(raw), "a share of the limit such as 80%", {
  type: "string",
});

/** Figures by name. `names`: all that there may be; absent: any. */
export function figuresBy<T>(form: Form<T>, what: string, names?: readonly string[]) {
  const wantedName = (key: string): string => {
    const guess = nearest(key, names ?? []);
    return `${guess ? `"${guess}", or another of` : "one of"} ${names?.join(", ")}`;
  };
  const read = v.pipe(
    v.unknown(),
    v.rawTransform<unknown, Readonly<Record<string, T>>>(({ dataset, addIssue, NEVER }) => {
      const input = dataset.value;
      if (!isObject(input)) {
        addIssue({ message: `${what} by name, such as { a: 1 }` });
        return NEVER;
      }
      const found: Record<string, T> = {};
      for (const [key, raw] of Object.entries(input)) {
        const place = { type: "object", origin: "value", input, key, value: raw } as const;
        if (names && !names.includes(key)) addIssue({ message: wantedName(key), path: [place as never] });
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
