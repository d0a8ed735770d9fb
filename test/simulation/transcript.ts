import { createHash } from "node:crypto";

/** What happened, line by line: its digest always, the lines themselves only as far as somebody wants them. */
export class Transcript {
  readonly #digest = createHash("sha256");
  readonly #keep: number;
  readonly #lines: string[] = [];
  #count = 0;

  /** `keep`: how many of the last lines to hold. */
  constructor(keep: number) {
    this.#keep = keep;
  }

  add(atMs: number, line: string): void {
    const dated = `${new Date(atMs).toISOString().slice(11, 23)} ${line}`;
    this.#digest.update(`${dated}\n`);
    this.#count += 1;
    this.#lines.push(dated);
    if (this.#lines.length > 2 * this.#keep + 100) this.#lines.splice(0, this.#lines.length - this.#keep);
  }

  get count(): number {
    return this.#count;
  }

  tail(): readonly string[] {
    return this.#keep === 0 ? [] : this.#lines.slice(-this.#keep);
  }

  /** Ends the transcript. */
  digest(): string {
    return this.#digest.digest("hex");
  }
}
