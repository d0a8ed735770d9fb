import type { Emulator, TrueRun } from "../../emulator/index.ts";
import type { Witness } from "./process/witness.ts";
import type { Random } from "./random.ts";

const headers = { authorization: "Bearer the-users-own-token" };

/** What the account's owner does meanwhile, in Apify's Console: aborts, resurrects, deletes. */
export class Users {
  readonly #random: Random;
  readonly #emulator: Emulator;
  readonly #witness: Witness;

  constructor(random: Random, emulator: Emulator, witness: Witness) {
    this.#random = random;
    this.#emulator = emulator;
    this.#witness = witness;
  }

  act(): void {
    const random = this.#random;
    const what = random.pick(["resurrect", "resurrect", "abort", "kill", "delete"] as const);
    const wantsEnded = what === "resurrect" || what === "delete";
    const isEnded = ({ lives }: TrueRun): boolean => lives.at(-1)?.endStatus !== undefined;
    const runs = this.#witness.truth.runs().filter((run) => isEnded(run) === wantsEnded);
    if (runs.length === 0) return;
    this.#do(what, random.pick(runs).id);
  }

  /** The same to one run, whatever it takes. */
  about({ id, lives }: TrueRun): void {
    const isOver = lives.at(-1)?.endStatus !== undefined;
    const random = this.#random;
    this.#do(random.pick(isOver ? (["resurrect", "delete"] as const) : (["abort", "kill"] as const)), id);
  }

  #do(what: "resurrect" | "abort" | "kill" | "delete", id: string): void {
    if (what === "resurrect") this.#send("POST", `/v2/actor-runs/${id}/resurrect`);
    else if (what === "delete") this.#send("DELETE", `/v2/actor-runs/${id}`);
    else this.#send("POST", `/v2/actor-runs/${id}/abort?gracefully=${what === "abort"}`);
  }

  #send(method: string, url: string): void {
    const response = this.#emulator.handle({ method, url, headers });
    this.#witness.saw("user", { url, leftAtMs: this.#witness.nowMs() }, response)("delivered");
  }
}
