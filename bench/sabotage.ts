import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { SOURCE_PLANTS } from "../test/simulation/plants/source.ts";
import { table } from "./table.ts";

/** Bugs that tests once let through, and others of each kind; chosen before anybody had looked how soon they show. */
const PLANTED = [
  "control-before-run",
  "force-unasked",
  "told-before-written",
  "cursor-past-the-lost",
  "claims-ignored",
  "list-of-starts-dropped",
  "kept-places-given",
  "correction-of-now",
  "restore-uncounted",
  "clock-believed",
  "withdrawn-after-call",
  "idle-unmoved",
] as const;

const MOST_SEEDS = 60;

const MAIN = fileURLToPath(new URL("../test/simulation/main.ts", import.meta.url));

/** What the simulator prints of worlds with a bug in them, up to the first that is broken. */
function printed(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return new Promise((resolve, reject) => child.on("error", reject).on("close", () => resolve(text)));
}

const median = (counts: readonly number[]): number => {
  const sorted = counts.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
};

/**
 * Plants each bug in turn in the code as the simulator loads it, and plays worlds until one breaks a promise. From which
 * seed on: the second argument, so that it can be asked of worlds that nobody has seen.
 */
export async function sabotage(): Promise<string> {
  const from = Number(process.argv[3] ?? 1);
  const counts: number[] = [];
  const rows: string[][] = [];
  for (const name of PLANTED) {
    const seeds = ["--seeds", String(MOST_SEEDS), "--from", String(from)];
    const text = await printed([...seeds, "--until-broken", "--plant", name]);
    const [, seed] = /^seed (\d+): \d+ broken$/m.exec(text) ?? [];
    const [, promise = ""] = /^ {2}(\S+) at \S+ /m.exec(text) ?? [];
    const count = seed === undefined ? undefined : Number(seed) - from + 1;
    counts.push(count ?? Number.POSITIVE_INFINITY);
    rows.push([name, SOURCE_PLANTS[name]?.about ?? "", String(count ?? `not in ${MOST_SEEDS}`), promise]);
    console.error(`${name}: ${count ?? "not caught"} ${promise}`);
  }
  const titles = ["planted", "what it does", "worlds", "caught as"];
  return `${table(titles, rows)}\n\nMedian: ${median(counts)} worlds, from seed ${from}.`;
}
