import {
  CAP_NAMES,
  type Caps,
  capAt,
  capId,
  documentFromCaps,
  formatPath,
  hasCaps,
  type Mode,
  type PolicyError,
  parsePolicy,
} from "../../src/policy/index.ts";
import { UsageError } from "./usage-error.ts";

/** The thresholds among the options, by what stands behind each; `undefined`: there is none. */
export function capsFromOptions(textOf: (option: string) => string | undefined): Caps | undefined {
  const caps: Caps = Object.fromEntries(CAP_NAMES.map((name) => [name, textOf(capId(name))]));
  return hasCaps(caps) ? caps : undefined;
}

/** The policy that `--max-usd-per-run` and its like stand for. A mistake is told in the options' words. */
export function documentFromThresholds(caps: Caps, mode: Mode): unknown {
  const document = documentFromCaps(caps, mode);
  try {
    parsePolicy(document);
  } catch (cause) {
    const { problems } = cause as PolicyError;
    const lines = problems.map(({ path, got, expected }) => {
      const cap = capAt(caps, path);
      return `  ${cap ? `--${capId(cap)}` : formatPath(path)}: got ${got}, wanted ${expected}`;
    });
    throw new UsageError(`the thresholds can't be used:\n${lines.join("\n")}`, { cause });
  }
  return document;
}

/** A policy document with another mode, over what the file says; under observe its rules have no say of their own. */
export function inMode(document: unknown, mode: Mode): unknown {
  const { rules, ...rest } = document as { rules: readonly Record<string, unknown>[] };
  const observed = rules.map(({ mode: _own, ...rule }) => rule);
  return { ...rest, mode, rules: mode === "observe" ? observed : rules };
}
