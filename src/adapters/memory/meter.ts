import type { Capacity } from "../../watchdog/model/ports.ts";

const READ_BYTES = 4_096;
const WRITE_BYTES = 1_024;

/** Counts about what DynamoDB would: a read unit for each 4 KB, a write unit for each 1 KB, one at least. */
export class Meter {
  #readUnits = 0;
  #writeUnits = 0;

  read(text = ""): void {
    this.#readUnits += Math.max(1, Math.ceil(text.length / READ_BYTES));
  }

  write(text = ""): void {
    this.#writeUnits += Math.max(1, Math.ceil(text.length / WRITE_BYTES));
  }

  take(): Capacity {
    const taken = { readUnits: this.#readUnits, writeUnits: this.#writeUnits };
    this.#readUnits = 0;
    this.#writeUnits = 0;
    return taken;
  }
}
