import type { Request } from "../../support/dynamo/dynamo.ts";
import { type Latitude, PROMPT } from "../../support/dynamo/latitude.ts";
import type { Random } from "../random.ts";
import type { Passage } from "./sending.ts";

/** How often things go wrong in a world; all of it is 0 once it is calm. */
export type Climate = {
  readonly storeFails: number;
  readonly storeSlow: number;
  /** How often a request to DynamoDB begins a spell in which such requests are refused. */
  readonly storeRefuses: number;
  readonly networkFails: number;
  readonly networkSlow: number;
};

/**
 * The longest that a request is on its way to Apify. A call is given up after ten seconds, and nobody else may take an
 * intent over within ten seconds of the last moment at which a call may leave: so a late arrival is still its owner's.
 */
const LATEST_ARRIVAL_MS = 8_000;
const SLOWEST_STORE_MS = 30_000;

/** A query is under way in DynamoDB for so long. */
const LONGEST_READ_MS = 8;
const SPELLS_MS = [1, 100, 600, 4_000];

/** For how long DynamoDB refuses what, and how. */
type Spell = {
  readonly untilMs: number;
  readonly operation: string;
  readonly as: "throttled" | "busy" | "internal";
};

/** Draws how each call travels: latency, and now and then a failure on either side of the effect. */
export class Weather {
  readonly #random: Random;
  readonly #climate: Climate;
  #spell: Spell | undefined;
  isCalm = false;

  constructor(random: Random, climate: Climate) {
    this.#random = random;
    this.#climate = climate;
  }

  /** The same place on a day without any trouble. */
  calmed(): Weather {
    const calm = new Weather(this.#random.fork("calm"), this.#climate);
    calm.isCalm = true;
    return calm;
  }

  store(): Passage {
    const random = this.#random;
    const { storeFails, storeSlow } = this.#climate;
    const passage = { upMs: random.int(1, 12), downMs: random.int(1, 12), landsAnyway: random.chance(0.5) };
    const [slow, fails] = [random.chance(storeSlow), random.chance(storeFails)];
    if (this.isCalm) return passage;
    const lateMs = slow ? random.int(500, SLOWEST_STORE_MS) : 0;
    const late = random.chance(0.5) ? { upMs: passage.upMs + lateMs } : { downMs: passage.downMs + lateMs };
    return { ...passage, ...late, ...(fails && { fails: random.pick(["before", "after"] as const) }) };
  }

  /** How DynamoDB refuses a request, if it does: by a spell of throttling, crowding or internal errors. */
  refusal(operation: string, nowMs: number): Pick<Request, "refused"> {
    const random = this.#random;
    if (this.isCalm) return {};
    if (random.chance(this.#climate.storeRefuses)) {
      const as = random.pick(["throttled", "busy", "internal"] as const);
      this.#spell = { untilMs: nowMs + random.pick(SPELLS_MS), operation, as };
    }
    const spell = this.#spell;
    const isMeant = spell !== undefined && nowMs <= spell.untilMs && operation === spell.operation;
    if (!isMeant || !random.chance(0.9)) return {};
    return { refused: { as: spell.as, afterEffect: spell.as === "internal" && random.chance(0.5) } };
  }

  /** The earliest instant that a read is of which left its sender and arrived then. */
  readsFromMs(leftMs: number, arrivedMs: number): number {
    return Math.max(leftMs, arrivedMs - this.#random.int(0, LONGEST_READ_MS));
  }

  /** What DynamoDB makes of its freedom here. */
  latitude(random: Random): Latitude {
    const { storeSlow, storeRefuses } = this.#climate;
    const isRough = (): boolean => !this.isCalm && random.chance(5 * storeSlow);
    return {
      ...PROMPT,
      random: () => random.next(),
      transactionMs: () => random.int(1, isRough() ? 400 : 15),
      staleMs: () => random.int(0, 1_000),
      indexLagMs: () => random.int(0, isRough() ? 30_000 : 500),
      leavesKey: () => !this.isCalm && random.chance(2 * storeRefuses),
    };
  }

  /** Calls that change something are few, so more of them have trouble: else it would hardly be seen. */
  network(method: string): Passage {
    const random = this.#random;
    const { networkFails, networkSlow } = this.#climate;
    const often = method === "GET" ? 1 : 5;
    const passage = { upMs: random.int(5, 120), downMs: random.int(5, 200), landsAnyway: random.chance(0.5) };
    const [slow, fails] = [random.chance(often * networkSlow), random.chance(often * networkFails)];
    if (this.isCalm) return passage;
    const lateMs = random.int(500, LATEST_ARRIVAL_MS - 200);
    const late = random.chance(0.5)
      ? { upMs: passage.upMs + lateMs }
      : { downMs: passage.downMs + 4 * lateMs };
    return {
      ...passage,
      ...(slow && late),
      ...(fails && { fails: random.pick(["before", "after"] as const) }),
    };
  }
}
