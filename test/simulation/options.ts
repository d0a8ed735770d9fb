import { parseArgs } from "node:util";
import { PLANTS } from "./plants/plants.ts";
import { SOURCE_PLANTS } from "./plants/source.ts";
import type { Plant } from "./process/ports.ts";
import { type Kept, keptIn } from "./shrink/cut.ts";
import { type Plan, STORAGES } from "./world/plan.ts";

export type Options = {
  readonly seeds: number;
  readonly from: number;
  readonly verbose: boolean;
  readonly storage?: Plan["storage"];
  /** The first broken world is the last. */
  readonly untilBroken: boolean;
  /** Each world is played observed and enforced, too. */
  readonly twins: boolean;
  /** Each world is played in observe mode alone, and its policy back-tested on what was recorded. */
  readonly backtest: boolean;
  /** Each world has schedules that are held. */
  readonly sources: boolean;
  /** A broken world is cut to the least that is still broken. */
  readonly shrink: boolean;
  /** No more of each world than this. */
  readonly only?: Kept;
  /** One that is in the source is there before anything else is loaded. */
  readonly plant?: { readonly name: string; readonly plant?: Plant };
};

/** A command line that can't be used; the message says what to write. */
export class UsageError extends Error {
  override name = "UsageError" as const;
}

const listed = (plants: Readonly<Record<string, { readonly about: string }>>): string =>
  Object.entries(plants)
    .map(([name, { about }]) => `                   ${name.padEnd(22)} ${about}`)
    .join("\n");

export const HELP = `Plays the watchdog in random worlds on virtual time, and judges it by what it did.

  npm run simulate -- [--seeds N] [--from S] [--until-broken] [--twins] [--sources] [--backtest] [--shrink] [--verbose] [--storage NAME] [--plant NAME]

  --seeds N      how many worlds to play (default 100)
  --from S       the first one's seed (default 1); the same seed always plays the same world
  --until-broken play no further than the first broken world
  --twins        play each world observed and enforced, too, and compare what is decided up to the first call
  --sources      play worlds whose runs schedules start, which are held and let go
  --backtest     play each world in observe mode instead, back-test its policy on what was recorded of it, and compare that
                 with what was decided
  --shrink       cut each broken world to the fewest runs, rules, faults and ticks that still break the same promise, and
                 print what is left, what happens in it, and how to play it again
  --only PARTS   play no more of a world than --shrink has left of it
  --verbose      print all that happens
  --storage NAME where the watchdog keeps what it knows, ${STORAGES.join(" or ")} (default: as the seed says)
  --plant NAME   plant a bug, to see it caught. Between the watchdog and its ports:
${listed(PLANTS)}
                 In its own code:
${listed(SOURCE_PLANTS)}
  --help         this text

Ends with 0 when no promise was broken, with 1 when one was, with 2 on wrong usage.
`;

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`--${name} must be a whole number of at least ${least}, got "${text}"`);
}

/** Reads the command line; `help` when that is all that is wanted. */
export function readOptions(args: readonly string[]): Options | "help" {
  const given = parsed(args);
  if (given.help) return "help";
  const { plant: name } = given;
  if (name !== undefined && !(name in PLANTS || name in SOURCE_PLANTS)) {
    const names = [...Object.keys(PLANTS), ...Object.keys(SOURCE_PLANTS)].join(", ");
    throw new UsageError(`--plant must be one of ${names}, got "${name}"`);
  }
  const plant = name === undefined ? undefined : PLANTS[name];
  const storage = STORAGES.find((each) => each === given.storage);
  if (given.storage !== undefined && storage === undefined) {
    throw new UsageError(`--storage must be one of ${STORAGES.join(", ")}, got "${given.storage}"`);
  }
  const only = given.only === undefined ? undefined : keptIn(given.only);
  if (given.only !== undefined && only === undefined) {
    throw new UsageError(`--only must be as --shrink prints it, got "${given.only}"`);
  }
  return {
    seeds: wholeNumber("seeds", given.seeds, 1),
    from: wholeNumber("from", given.from, 0),
    verbose: given.verbose,
    untilBroken: given["until-broken"],
    shrink: given.shrink,
    twins: given.twins,
    sources: given.sources,
    backtest: given.backtest,
    ...(only && { only }),
    ...(storage !== undefined && { storage }),
    ...(name !== undefined && { plant: { name, ...(plant && { plant }) } }),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      // `npm run simulate -- …` passes its dashes on to nobody; `node main.ts -- …` would.
      args: args.filter((arg) => arg !== "--"),
      options: {
        seeds: { type: "string", default: "100" },
        from: { type: "string", default: "1" },
        verbose: { type: "boolean", default: false },
        shrink: { type: "boolean", default: false },
        twins: { type: "boolean", default: false },
        sources: { type: "boolean", default: false },
        backtest: { type: "boolean", default: false },
        only: { type: "string" },
        "until-broken": { type: "boolean", default: false },
        storage: { type: "string" },
        plant: { type: "string" },
        help: { type: "boolean", default: false, short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
