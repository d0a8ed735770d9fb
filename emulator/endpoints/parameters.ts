import type { Ask } from "./ask.ts";
import { Refused } from "./reply.ts";

type Asked = Pick<Ask, "query">;

/** A boolean parameter: `1`, `0`, `true` or `false`; absent is false. */
export function flag({ query }: Asked, name: string): boolean {
  const text = query.get(name);
  if (text === null || text === "0" || text === "false") return false;
  if (text === "1" || text === "true") return true;
  throw invalid(name, "1, 0, true or false", text);
}

/** A number parameter that is not negative; undefined when absent. */
export function amount(
  { query }: Asked,
  name: string,
  kind: "integer" | "number" = "integer",
): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (
    text.trim() !== "" &&
    value >= 0 &&
    (kind === "integer" ? Number.isSafeInteger(value) : value < Infinity)
  ) {
    return value;
  }
  throw invalid(name, `a ${kind} of 0 or more`, text);
}

/** A parameter that is an instant, in epoch ms; undefined when absent. */
export function instant({ query }: Asked, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw invalid(name, "an ISO 8601 date and time", text);
  return atMs;
}

/** The request's body, which must be a JSON object. */
export function jsonBody({ body }: Pick<Ask, "body">): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body ?? "");
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Answered below, like any other body that is no object.
  }
  throw new Refused(400, "invalid-input", "Invalid input: The request body contains invalid data.");
}

function invalid(name: string, wanted: string, got: string): Refused {
  return new Refused(400, "invalid-request", `Parameter ${name} must be ${wanted}, got "${got}"`);
}
