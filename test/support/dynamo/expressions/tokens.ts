import { invalid, NotModelled } from "../errors.ts";

const TOKEN = /\s*(#\w+|:\w+|<>|<=|>=|[=<>(),+\-.[\]]|\w+)\s*/y;
/** "The maximum length of any expression string is 4 KB", and 300 operators or functions (guide: Constraints). */
const MAX_BYTES = 4096;
const MAX_OPERATORS = 300;

/** A row of tokens that is read from left to right. */
export class Tokens {
  readonly #text: string;
  readonly #all: readonly string[];
  #next = 0;

  constructor(text: string) {
    if (Buffer.byteLength(text) > MAX_BYTES)
      throw invalid("Invalid expression: Expression size has exceeded the maximum allowed size");
    this.#text = text;
    this.#all = split(text);
  }

  peek(): string {
    return this.#all[this.#next] ?? "";
  }

  /** The next one, if it is this word; words are read in any case. */
  take(word: string): boolean {
    const isIt = this.peek().toUpperCase() === word;
    if (isIt) this.#next += 1;
    return isIt;
  }

  expect(word: string): void {
    if (!this.take(word)) throw this.#unexpected();
  }

  /** A function's name, before its parenthesis. Those are read in their own case only. */
  takeFunction(name: string): boolean {
    const isIt = this.peek() === name && this.#all[this.#next + 1] === "(";
    if (isIt) this.#next += 2;
    return isIt;
  }

  /** `#name` or `:value`. A name as it is, or a path into a list or map, would have to be modelled. */
  placeholder(sign: "#" | ":"): string {
    const token = this.peek();
    if (!token.startsWith(sign)) throw this.#unexpected();
    this.#next += 1;
    if (this.peek() === "." || this.peek() === "[") throw new NotModelled(`paths, as in "${this.#text}"`);
    return token;
  }

  end(): void {
    if (this.peek() !== "") throw this.#unexpected();
  }

  #unexpected(): Error {
    return new NotModelled(`"${this.peek()}" (token ${this.#next + 1}) in "${this.#text}"`);
  }
}

function split(text: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const [, token] = TOKEN.exec(text) ?? [];
    if (token === undefined) throw invalid(`Invalid expression: Syntax error at ${at} in "${text}"`);
    tokens.push(token);
  }
  return tokens;
}

/** "300 … operators or functions": what stands between operands, commas and clauses aside. */
export function checkOperators(count: number): void {
  if (count > MAX_OPERATORS)
    throw invalid(`Invalid expression: The expression contains too many operators; operator count: ${count}`);
}
