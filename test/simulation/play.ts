import { OPEN } from "./corpus.ts";
import { backtestDiffers } from "./evidence/backtested.ts";
import { KINDS } from "./evidence/watched-world.ts";
import { HELP, type Options, readOptions, UsageError } from "./options.ts";
import type { Violation } from "./oracle/history.ts";
import { type Kept, sizesOf, spelled } from "./shrink/cut.ts";
import { shrink } from "./shrink/shrink.ts";
import { traceOf } from "./shrink/trace.ts";
import { type Outcome, simulate } from "./simulate.ts";
import { Tally } from "./tally.ts";
import { differWhenObserved } from "./twins.ts";

const TAIL_LINES = 40;
const PROGRESS_MS = 10_000;
/** Back-tests say after so many seeds how far they are. */
const TOLD_EACH = 50;

const sentence = ({ promise, atMs, text }: Violation): string =>
  `  ${promise} at ${new Date(atMs).toISOString().slice(11, 23)}: ${text}`;

function replayOf(seed: number, { plant, storage, sources }: Options, kept?: Kept): string {
  const kind = sources ? " --sources" : "";
  const stored = storage ? ` --storage ${storage}` : "";
  const planted = plant ? ` --plant ${plant.name}` : "";
  const only = kept ? ` --only ${spelled(kept)}` : "";
  return `replay: npm run simulate -- --seeds 1 --from ${seed} --verbose${kind}${stored}${planted}${only}`;
}

const played = (seed: number, { plant, storage, only, sources }: Options, keepLines = 0, kept = only) =>
  simulate(seed, { plant: plant?.plant, storage, keepLines, kept, isOfSources: sources });

/** The least of the world that is still broken, and what happens in it. */
async function tellShrunk(seed: number, broken: Outcome, options: Options): Promise<void> {
  const shrunk = await shrink((kept) => played(seed, options, 0, kept), broken, sizesOf(broken.plan));
  const { violations, plan } = shrunk.outcome;
  console.log(`cut to this by ${shrunk.played} worlds:`);
  console.log(traceOf(shrunk.outcome).join("\n"));
  console.log(violations.slice(0, 3).map(sentence).join("\n"));
  const left = Object.entries(sizesOf(plan)).map(([part, size]) => `${size} ${part}`);
  console.log(`left of it: ${left.join(", ")}`);
  console.log(replayOf(seed, options, shrunk.kept));
}

function tellBroken(seed: number, { violations, tail }: Outcome, options: Options): void {
  console.log(`seed ${seed}: ${violations.length} broken`);
  console.log(violations.slice(0, 10).map(sentence).join("\n"));
  if (!options.verbose) console.log(`the last of it:\n${tail.map((line) => `  ${line}`).join("\n")}`);
  console.log(replayOf(seed, options));
}

/** Plays the seeds; goes on after a broken one, so that a long run tells how many there are. */
async function play(options: Options): Promise<number> {
  const tally = new Tally();
  const startedMs = performance.now();
  const broken: number[] = [];
  let toldMs = startedMs;
  const keepLines = options.verbose ? Number.MAX_SAFE_INTEGER : TAIL_LINES;
  for (let seed = options.from; seed < options.from + options.seeds; seed++) {
    const open =
      options.seeds > 1 &&
      OPEN.find((each) => each.seed === seed && (each.sources ?? false) === options.sources);
    if (open) {
      console.log(`seed ${seed} is known and not mended yet, and is passed over: ${open.what}`);
      continue;
    }
    const outcome = await played(seed, options, keepLines);
    tally.add(outcome);
    const difference = options.twins ? await differWhenObserved(seed, options.plant?.plant) : undefined;
    if (difference) {
      broken.push(seed);
      console.log(`seed ${seed}: observed and enforced differ\n  P5 ${difference}`);
      if (options.untilBroken) break;
      continue;
    }
    if (options.verbose) console.log(outcome.tail.join("\n"));
    if (outcome.violations.length > 0) {
      broken.push(seed);
      tellBroken(seed, outcome, options);
      if (options.shrink) await tellShrunk(seed, outcome, options);
      if (options.untilBroken) break;
    }
    if (performance.now() - toldMs > PROGRESS_MS) {
      toldMs = performance.now();
      console.log(`… ${tally.seeds} of ${options.seeds} seeds, ${broken.length} broken`);
    }
  }
  console.log(tally.lines(performance.now() - startedMs).join("\n"));
  if (broken.length > 0) console.log(`broken: seeds ${broken.join(", ")}`);
  else console.log("no promise was broken");
  return broken.length > 0 ? 1 : 0;
}

/** Back-tests the seeds' policies on what was recorded of their worlds. */
async function playBacktests({ seeds, from, plant, untilBroken }: Options): Promise<number> {
  const sums = new Map<string, number>();
  const broken: number[] = [];
  for (let seed = from; seed < from + seeds; seed++) {
    for (const kind of KINDS) {
      const compared = await backtestDiffers(seed, kind, plant?.plant);
      if (compared === undefined) continue;
      const { differs, ...counts } = compared;
      for (const [what, count] of Object.entries({ worlds: 1, ...counts }))
        sums.set(`${kind}: ${what}`, (sums.get(`${kind}: ${what}`) ?? 0) + count);
      if (differs === undefined) continue;
      broken.push(seed);
      console.log(`seed ${seed}, ${kind}: what was decided and its back-test differ\n  P15 ${differs}`);
      console.log(`replay: npm run simulate -- --seeds 1 --from ${seed} --backtest`);
    }
    if (untilBroken && broken.length > 0) break;
    const played = seed - from + 1;
    if (played % TOLD_EACH === 0) {
      const counted = [...sums].map(([what, sum]) => `${what} ${sum}`).join(", ");
      console.log(`… ${played} of ${seeds} seeds, ${broken.length} broken; ${counted}`);
    }
  }
  for (const [what, sum] of sums) console.log(`${String(sum).padStart(8)}  ${what}`);
  console.log(
    broken.length > 0 ? `broken: seeds ${broken.join(", ")}` : "every back-test says what was decided",
  );
  return broken.length > 0 ? 1 : 0;
}

/** Does what the command line says. Returns what to end with. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options !== "help") return await (options.backtest ? playBacktests(options) : play(options));
    console.log(HELP);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\nnpm run simulate -- --help says more.`);
    return 2;
  }
}
