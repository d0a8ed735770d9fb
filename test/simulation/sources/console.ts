import type { Emulator, TrueSchedule } from "../../../emulator/index.ts";
import type { Witness } from "../process/witness.ts";
import type { Random } from "../random.ts";

const headers = { authorization: "Bearer the-users-own-token", "content-type": "application/json" };

const ACTS = [
  "disable",
  "disable",
  "enable",
  "enable",
  "title",
  "cron",
  "delete",
  "both",
  "off and named",
] as const;

/** What somebody does to schedules in Apify's Console, who knows nothing of the watchdog. */
export class Console {
  readonly #random: Random;
  readonly #emulator: Emulator;
  readonly #witness: Witness;

  constructor(random: Random, emulator: Emulator, witness: Witness) {
    this.#random = random;
    this.#emulator = emulator;
    this.#witness = witness;
  }

  /** The schedules that there are. */
  get schedules(): readonly TrueSchedule[] {
    return this.#witness.truth.schedules().filter(({ isDeleted }) => !isDeleted);
  }

  /** One of them; where it says which, most likely that one. */
  pick(random: Random, id = ""): TrueSchedule | undefined {
    const all = this.schedules;
    const meant = all.find((each) => each.id === id);
    if (meant && random.chance(0.9)) return meant;
    return all.length > 0 ? random.pick(all) : undefined;
  }

  act(id?: string): void {
    const random = this.#random;
    const schedule = this.pick(random, id);
    if (schedule === undefined) return;
    const { isEnabled } = schedule;
    const what = random.pick(ACTS);
    const number = random.int(1, 1_000_000);
    if (what === "delete" && random.chance(0.3)) this.#send("DELETE", schedule.id);
    if (what === "both") this.#change(schedule.id, { isEnabled: !isEnabled });
    const change = {
      disable: { isEnabled: false },
      enable: { isEnabled: true },
      title: { title: `title ${number}` },
      cron: { cronExpression: `*/${2 + (number % 5)} * * * *` },
      both: { isEnabled },
      "off and named": { isEnabled: false, title: `off ${number}` },
      delete: undefined,
    }[what];
    if (change) this.#change(schedule.id, change);
  }

  #change(id: string, change: object): void {
    this.#send("PUT", id, JSON.stringify(change));
  }

  #send(method: string, id: string, body?: string): void {
    const url = `/v2/schedules/${id}`;
    const response = this.#emulator.handle({ method, url, headers, ...(body !== undefined && { body }) });
    this.#witness.saw("user", { url, leftAtMs: this.#witness.nowMs() }, response)("delivered");
  }
}
