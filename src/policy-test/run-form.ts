import * as v from "valibot";
import { pricingModel } from "../policy/language/schema/criteria.ts";
import { SERVICES } from "../policy/limits/services.ts";
import { ENDED_STATUSES, LIVE_STATUSES } from "../policy/run.ts";
import { wholeNumber } from "../policy/values/figure-forms.ts";
import { object, oneOf, textLike } from "../policy/values/forms.ts";
import { nameHint, scheduleHint } from "../policy/values/hints.ts";
import { cap, figure, figuresBy, flag, instant, memory, money, price, span, timeout } from "./figures.ts";

/** A run of a case, as people write it. What is left out Apify has not told. */

const id = textLike(/^\S{1,64}$/, "an id without spaces, for example run1");
export const nameOrId = textLike(
  /^([A-Za-z0-9]{17}|[\w.-]+[/~][\w.-]+)$/,
  'an id of 17 letters and digits, or a name with its owner, for example "acme/shop-products"',
  { hint: nameHint },
);
const origin = textLike(
  /^[A-Z][A-Z_]*$/,
  "an origin as Apify spells it, for example SCHEDULER, API, WEB or STANDBY",
);
const schedule = textLike(/^[\w.-]{1,63}$/, 'a schedule\'s id, or its unique name, for example "nightly"', {
  hint: scheduleHint,
});
const build = textLike(/^[\w.-]+$/, 'the tag or number of a build, for example latest or "0.1.7"');
const count = wholeNumber(0, "a whole number, 0 or more");

const typical = object({
  usd: v.optional(money),
  runTime: v.optional(span),
  /** Of how many successful runs that is the median. */
  runs: v.optional(count),
});

export const runForm = object({
  id: v.optional(id),
  actor: v.optional(nameOrId),
  task: v.optional(nameOrId),
  /** By id, or by its unique name. */
  schedule: v.optional(schedule),
  status: v.optional(oneOf([...LIVE_STATUSES, ...ENDED_STATUSES])),
  origin: v.optional(origin),
  startedAt: v.optional(instant),
  runningFor: v.optional(span),
  queuedFor: v.optional(span),
  abortingFor: v.optional(span),
  usageTotalUsd: v.optional(money),
  usdPerHour: v.optional(money),
  stats: v.optional(figuresBy(figure, "figures of Apify's stats")),
  usage: v.optional(figuresBy(figure, "quantities of services", SERVICES)),
  usageUsd: v.optional(figuresBy(money, "amounts of services", SERVICES)),
  events: v.optional(figuresBy(count, "numbers of charged events")),
  eventPrices: v.optional(figuresBy(price, "prices of events")),
  accountedEvents: v.optional(figuresBy(count, "numbers of events that are accounted for")),
  ownActor: v.optional(flag),
  build: v.optional(build),
  buildNumber: v.optional(build),
  memory: v.optional(memory),
  timeout: v.optional(timeout),
  pricingModel: v.optional(pricingModel),
  maxTotalChargeUsd: v.optional(cap),
  capSetBy: v.optional(oneOf(["user", "apify"])),
  idleFor: v.optional(span),
  unmovedFor: v.optional(span),
  typical: v.optional(typical),
  resurrects: v.optional(count),
  looks: v.optional(oneOf(["two", "first"])),
});

export type WrittenRun = v.InferOutput<typeof runForm>;
