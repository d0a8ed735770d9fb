import * as v from "valibot";
import { NO_PRICING, PAY_PER_EVENT } from "../../run.ts";
import { figure, NOT_NOTHING, NUMBER, text } from "../../values/figure-forms.ts";
import { about, listOf, shown, textLike } from "../../values/forms.ts";
import { didYouMean, nameHint, scheduleHint } from "../../values/hints.ts";
import { type MemoryRange, mbytesIn } from "../../values/memory.ts";
import { nearest } from "../../values/nearest.ts";

/** What selects runs, as people write it. */

export const NAME_OR_ID =
  'an id of 17 letters and digits, or a name with its owner, for example "acme/shop-*"';

/**
 * An Actor or task: an id, `username/name` (or `username~name`), with `*` for any letters. Whoever writes another word means
 * a name, and is told; what was pushed before that was refused is read.
 */
const nameOrId = shown(textLike(/^([A-Za-z0-9]+|[\w.*-]+[/~][\w.*-]+|\*)$/, NAME_OR_ID, { hint: nameHint }), {
  type: "string",
  pattern: "^([A-Za-z0-9]{17}|[\\w.*-]+[/~][\\w.*-]+|\\*)$",
});

/** Apify docs: a schedule's name is 3 to 63 characters long; no owner stands in front of it. */
const schedule = textLike(
  /^[\w.*-]{1,63}$/,
  'a schedule\'s id, or its unique name, for example "nightly-*"',
  { hint: scheduleHint },
);

/** Those that Apify documents, and one that was seen; it adds others. */
export const ORIGINS: readonly string[] = [
  "SCHEDULER",
  "API",
  "WEB",
  "WEBHOOK",
  "ACTOR",
  "CLI",
  "CI",
  "MCP",
  "DEVELOPMENT",
  "TEST",
  "STANDBY",
  "APIFY_AI",
];

/** Those that Apify documents, and what stands for none; it adds others. */
export const PRICING_MODELS: readonly string[] = [
  PAY_PER_EVENT,
  "PRICE_PER_DATASET_ITEM",
  "FLAT_PRICE_PER_MONTH",
  "FREE",
  NO_PRICING,
];

/** A word of Apify's of which those are known; another one works once Apify tells it. */
const wordOf = (known: readonly string[], wanted: string) =>
  textLike(/^[A-Z][A-Z0-9_]*$/, wanted, {
    examples: known,
    hint: (raw) => didYouMean(typeof raw === "string" ? nearest(raw, known) : undefined),
  });

const origin = wordOf(ORIGINS, "an origin as Apify spells it, for example SCHEDULER, API, WEB or STANDBY");
export const pricingModel = wordOf(
  PRICING_MODELS,
  `a pricing model as Apify spells it, for example ${PRICING_MODELS.join(", ")}`,
);

const build = textLike(/^[\w.*-]+$/, 'the tag or number of a build, for example latest or "0.1.*"', {
  examples: ["latest"],
});

const OPS = ["<=", ">=", "<", ">", "="] as const;

const parseMemory = (written: string): MemoryRange => ({
  op: OPS.find((each) => written.trimStart().startsWith(each)) ?? "=",
  mbytes: mbytesIn(written),
});

const memory = figure(
  text([String.raw`^\s*(${OPS.join("|")})?\s*${NUMBER}\s*([mMgG][bB])\s*$`, NOT_NOTHING], parseMemory),
  'a memory, for example 4GB, ">=4GB" or "<512MB"; 1 GB is 1024 MB, as at Apify',
  ["4GB", ">=4GB", "<512MB"],
);

const selectorList = <T extends v.GenericSchema>(item: T, what: string, sentence: string) =>
  v.optional(about(listOf(item, what, "; leave the key out to select all"), sentence));

export const criteria = {
  actors: selectorList(nameOrId, "Actors", "Actors by id or by username/name."),
  tasks: selectorList(nameOrId, "tasks", "Tasks by id or by username/name."),
  schedules: selectorList(schedule, "schedules", "The schedules that started it, by id or by unique name."),
  origins: selectorList(origin, "origins", "Where the run was started from, as Apify spells it."),
  builds: selectorList(build, "builds", "Builds by the tag that was asked for, or by number."),
  memory: selectorList(memory, "memory sizes", "Memory, for example 4GB or >=4GB."),
  pricingModels: selectorList(
    pricingModel,
    "pricing models",
    `As Apify names them; ${NO_PRICING} is a run without one.`,
  ),
};
