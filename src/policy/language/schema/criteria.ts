import * as v from "valibot";
import { NO_PRICING } from "../../run.ts";
import { figure, NOT_NOTHING, NUMBER, text } from "../../values/figure-forms.ts";
import { about, listOf, oneOf, textLike } from "../../values/forms.ts";
import { type MemoryRange, mbytesIn } from "../../values/memory.ts";

/** What selects runs, as people write it. */

/** An Actor or task: an id, `username/name` (or `username~name`), with `*` for any letters. */
const nameOrId = textLike(
  /^([A-Za-z0-9]+|[\w.*-]+[/~][\w.*-]+|\*)$/,
  'an id, or a name with its owner such as "acme/shop-*"',
);

/** Those that Apify documents; it may add others. */
const ORIGINS = [
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
];

const origin = textLike(
  /^[A-Z][A-Z_]*$/,
  "an origin as Apify spells it, such as SCHEDULER, API, WEB or STANDBY",
  ORIGINS,
);

const build = textLike(/^[\w.*-]+$/, 'the tag or number of a build, such as latest or "0.1.*"', ["latest"]);

const OPS = ["<=", ">=", "<", ">", "="] as const;

const parseMemory = (written: string): MemoryRange => ({
  op: OPS.find((each) => written.trimStart().startsWith(each)) ?? "=",
  mbytes: mbytesIn(written),
});

const memory = figure(
  text([String.raw`^\s*(${OPS.join("|")})?\s*${NUMBER}\s*([mMgG][bB])\s*$`, NOT_NOTHING], parseMemory),
  'a memory such as 4GB, ">=4GB" or "<512MB"; 1 GB is 1024 MB, as at Apify',
  ["4GB", ">=4GB", "<512MB"],
);

/** Those that Apify documents, and what stands for none. */
export const pricingModel = oneOf([
  "PAY_PER_EVENT",
  "PRICE_PER_DATASET_ITEM",
  "FLAT_PRICE_PER_MONTH",
  "FREE",
  NO_PRICING,
]);

const selectorList = <T extends v.GenericSchema>(item: T, what: string, sentence: string) =>
  v.optional(about(listOf(item, what, "; leave the key out to select all"), sentence));

export const criteria = {
  actors: selectorList(nameOrId, "Actors", "Actors by id or by username/name."),
  tasks: selectorList(nameOrId, "tasks", "Tasks by id or by username/name."),
  origins: selectorList(origin, "origins", "Where the run was started from, as Apify spells it."),
  builds: selectorList(build, "builds", "Builds by the tag that was asked for, or by number."),
  memory: selectorList(memory, "memory sizes", "Memory, such as 4GB or >=4GB."),
  pricingModels: selectorList(
    pricingModel,
    "pricing models",
    `As Apify names them; ${NO_PRICING} is a run without one.`,
  ),
};
