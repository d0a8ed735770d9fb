import { parseArgs } from "node:util";
import { aboutWorld, createEmulator, runningClock, type WorldName, worldNames } from "./index.ts";

const COLUMNS = 80;
/** Where what happens in a world begins, behind its name. */
const INDENT = 18;

/** A world's name and what happens in it, in lines that a terminal need not break. */
function worldLines(name: WorldName): string {
  const lines = [`    ${name}`.padEnd(INDENT - 1)];
  for (const word of aboutWorld(name).split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length <= COLUMNS) lines[lines.length - 1] = longer;
    else lines.push(" ".repeat(INDENT) + word);
  }
  return lines.join("\n");
}

const USAGE = `A pretend Apify API on this machine: no account, no token, no cost.

  npm run emulator -- [--port N] [--world NAME] [--speed X] [--seed N]

  --port    the port on 127.0.0.1 (default 8010; 0 takes any free one)
  --world   what happens (default busy-day):
${worldNames.map(worldLines).join("\n")}
  --speed   how many times as fast as real time the world lives (default 1)
  --seed    varies ids and details; the same seed gives the same world
            (default 1)

Any token works, except "bad-token" (401); "other-user" is a second Apify user
without runs.`;

/** A wrong call of the program: exit code 2, with what to do. */
class UsageError extends Error {
  override name = "UsageError" as const;
}

async function main(): Promise<void> {
  const { help, port, world, speed, seed } = options();
  if (help) return console.log(USAGE);
  const emulator = createEmulator({ world, seed, clock: runningClock({ speed }) });
  const server = await emulator.listen(port).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE") {
      throw new UsageError(`Port ${port} is taken. Give another with --port, or --port 0 for any free one.`);
    }
    if (error.code === "EACCES") {
      throw new UsageError(`Port ${port} needs privileges. Give one of 1024 or more with --port.`);
    }
    throw error;
  });
  console.log(`A pretend Apify serves the world "${world}" at ${server.url}
(${speed} × real time, seed ${seed}).

  The watchdog:
    APIFY_API_URL=${server.url} APIFY_TOKEN=any
  apify-client:
    new ApifyClient({ baseUrl: "${server.url}", token: "any" })
  curl:
    curl "${server.url}/v2/actor-runs?status=READY,RUNNING&token=any"

Ctrl-C ends it.`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.close());
}

function options(): { help: boolean; port: number; world: WorldName; speed: number; seed: number } {
  const { values } = parsed();
  const world = values.world ?? "busy-day";
  if (!worldNames.includes(world as WorldName)) {
    const names = worldNames.join(", ");
    throw new UsageError(`There is no world "${world}". Choose one with --world: ${names}.`);
  }
  return {
    help: values.help ?? false,
    world: world as WorldName,
    port: number(
      "port",
      values.port ?? "8010",
      (port) => Number.isInteger(port) && port >= 0 && port <= 65_535,
    ),
    speed: number("speed", values.speed ?? "1", (speed) => speed > 0 && speed <= 1_000_000),
    seed: number("seed", values.seed ?? "1", Number.isSafeInteger),
  };
}

function parsed() {
  try {
    const text = { type: "string" } as const;
    const known = {
      port: text,
      world: text,
      speed: text,
      seed: text,
      help: { type: "boolean", short: "h" },
    } as const;
    return parseArgs({ options: known });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nAll options: npm run emulator -- --help`);
  }
}

function number(name: string, text: string, isGood: (value: number) => boolean): number {
  const value = Number(text);
  if (text.trim() !== "" && isGood(value)) return value;
  const wanted = {
    port: "a whole number from 0 to 65535",
    speed: "a number above 0",
    seed: "a whole number",
  }[name];
  throw new UsageError(`--${name} must be ${wanted}: got "${text}".`);
}

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
