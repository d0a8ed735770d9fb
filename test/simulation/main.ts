import { parseArgs } from "node:util";
import { plantInSource } from "./plants/planting.ts";
import { SOURCE_PLANTS } from "./plants/source.ts";

// A bug in the source must be planted before any of that is loaded.
const { plant = "" } = parseArgs({ options: { plant: { type: "string" } }, strict: false }).values;
const inSource = SOURCE_PLANTS[String(plant)];
if (inSource) plantInSource(inSource);

const { main } = await import("./play.ts");
process.exitCode = await main(process.argv.slice(2));
