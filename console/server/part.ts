import type { Known, Part } from "../api.ts";
import type { Asked, Asking } from "./asking.ts";

/** After so long without an answer a question is said to be slow, and after so long it has failed. */
export const SLOW_MS = 2_000;
export const LATE_MS = 30_000;

/** The answer, or that there was none in time: a command that can't be cut short is left behind. */
export async function askInTime(
  asking: Asking,
  argv: readonly string[],
  ms = LATE_MS,
  stop: AbortSignal = new AbortController().signal,
): Promise<Asked & { readonly isLate?: true }> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(ms)]);
  const gone = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const asked = await Promise.race([asking.ask(argv, signal), gone]);
  // What was cut off answers in ways of its own.
  if (!signal.aborted && asked) return asked;
  return { code: 1, said: `No answer within ${ms / 1000} s.`, isLate: true };
}

type Told = { readonly error?: { readonly message?: unknown } };

/** What an answer makes known. One that says why it was refused, or that is none, is a failure. */
export function partOf({ code, json, said }: Asked, at: string, last?: Known): Part {
  const error = typeof json === "object" && json !== null ? (json as Told).error : undefined;
  if (json !== undefined && error === undefined) return { kind: "known", value: json, at };
  const says =
    typeof error?.message === "string" ? error.message : said || `It ended with ${code} and said nothing.`;
  return { kind: "failed", says, at, ...(last && { last }) };
}

/** What was known last. */
export function lastOf(part: Part | undefined): Known | undefined {
  if (part?.kind === "known") return { value: part.value, at: part.at };
  return part?.last;
}
