import { lineProblem, type MicroUsd, nearest, parseDurationSecs, parseUsd } from "../../src/policy/index.ts";
import { UsageError } from "./usage-error.ts";

/** Says of a word that is none of those that may stand for `--name` or `<name>` what was probably meant. */
export function notOneOf(written: string, value: string, choices: readonly string[]): string {
  const guess = nearest(value, choices);
  const hint = guess ? `Did you mean ${guess}?` : `It is one of ${choices.join(", ")}.`;
  return `${written}: got "${value}". ${hint}`;
}

/** As long as a path may be. */
const MOST = 4_096;

/**
 * What was written behind the command, by name. Everything is text until a command reads it: a line each, and no longer
 * than `most` characters where a command asks for that.
 */
export class Args {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #positionals: readonly string[];

  constructor(values: Readonly<Record<string, unknown>>, positionals: readonly string[] = []) {
    this.#values = values;
    this.#positionals = positionals;
  }

  /** A name as it stands in the help. */
  #written(name: string): string {
    return this.#positionals.includes(name) ? `<${name}>` : `--${name}`;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  #line(name: string, value: string, most: number): string {
    const problem = lineProblem(value, most);
    if (problem === undefined) return value;
    throw new UsageError(`${this.#written(name)}: got ${problem.got}, wanted ${problem.expected}.`);
  }

  text(name: string, most = MOST): string | undefined {
    const written = this.#values[name];
    // Of one that is given again the last counts.
    const value: unknown = Array.isArray(written) ? written.at(-1) : written;
    if (value === undefined || typeof value === "boolean") return undefined;
    if (String(value).trim() === "")
      throw new UsageError(`${this.#written(name)} was given without a value.`);
    return this.#line(name, String(value), most);
  }

  required(name: string, most = MOST): string {
    const value = this.text(name, most);
    if (value === undefined) throw new UsageError(`${this.#written(name)} is missing.`);
    return value;
  }

  /** What was written for a positional of which there may be several. */
  list(name: string): readonly string[] {
    const value = this.#values[name];
    return (Array.isArray(value) ? value : [value]).flatMap((each) =>
      each === undefined ? [] : this.#line(name, String(each), MOST),
    );
  }

  /** One of these words. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name);
    const found = choices.find((each) => each === value);
    if (value === undefined || found !== undefined) return found;
    throw new UsageError(notOneOf(this.#written(name), value, choices));
  }

  /** A span of time in ms, such as 90s, 6h, 7d. */
  duration(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const secs = parseDurationSecs(value);
    if (secs !== undefined && secs > 0) return secs * 1000;
    throw new UsageError(`--${name}: got "${value}", wanted a duration above 0, for example 90s, 6h or 7d.`);
  }

  /** An amount in USD above 0, in micro-dollars. */
  usd(name: string): MicroUsd | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const micro = parseUsd(value);
    if (micro !== undefined && micro > 0) return micro;
    throw new UsageError(`--${name}: got "${value}", wanted an amount in USD above 0, for example 12.50.`);
  }

  /** A whole number, 0 or more. */
  count(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (/^\d{1,9}$/.test(value)) return Number(value);
    throw new UsageError(`${this.#written(name)}: got "${value}", wanted a whole number, 0 or more.`);
  }
}
