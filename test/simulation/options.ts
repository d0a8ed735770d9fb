import { parseArgs } from "node:util";
import { PLANTS } from "./plants.ts";
import type { Plant } from "./process/ports.ts";
import { type Plan, STORAGES } from "./world/plan.ts";

export type Options = {
  readonly seeds: number;
  readonly from: number;
  readonly verbose: boolean;
  readonly storage?: Plan["storage"];
  readonly plant?: { readonly name: string; readonly plant: Plant };
};

/** A command line that can't be used; the message says what to write. */
export class UsageError extends Error {
  override name = "UsageError" as const;
}

export const HELP = `Plays the watchdog in random worlds on virtual time, and judges it by what it did.

  npm run simulate -- [--seeds N] [--from S] [--verbose] [--storage NAME] [--plant NAME]

  --seeds N      how many worlds to play (default 100)
  --from S       the first one's seed (default 1); the same seed always plays the same world
  --verbose      print all that happens
  --storage NAME where the watchdog keeps what it knows, ${STORAGES.join(" or ")} (default: as the seed says)
  --plant NAME   put a bug between the watchdog and its ports, to see it caught:
${Object.entries(PLANTS)
  .map(([name, { about }]) => `                   ${name.padEnd(22)} ${about}`)
  .join("\n")}
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
  const plant = name === undefined ? undefined : PLANTS[name];
  if (name !== undefined && plant === undefined) {
    throw new UsageError(`--plant must be one of ${Object.keys(PLANTS).join(", ")}, got "${name}"`);
  }
  const storage = STORAGES.find((each) => each === given.storage);
  if (given.storage !== undefined && storage === undefined) {
    throw new UsageError(`--storage must be one of ${STORAGES.join(", ")}, got "${given.storage}"`);
  }
  return {
    seeds: wholeNumber("seeds", given.seeds, 1),
    from: wholeNumber("from", given.from, 0),
    verbose: given.verbose,
    ...(storage !== undefined && { storage }),
    ...(name !== undefined && plant !== undefined && { plant: { name, plant } }),
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
        storage: { type: "string" },
        plant: { type: "string" },
        help: { type: "boolean", default: false, short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
