import {
  aboutWorld,
  createEmulator,
  runningClock,
  type WorldName,
  worldNames,
} from "../../emulator/index.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";
import { wrapped } from "../show/terminal.ts";

const DEFAULT_PORT = 8010;

export const emulator: Command = {
  name: "emulator",
  about: "A pretend Apify API on this machine",
  options: {
    port: { value: "N", about: `The port on 127.0.0.1; 0 takes any free one (default: ${DEFAULT_PORT})` },
    world: { value: "NAME", choices: worldNames, about: "What happens (default: busy-day)" },
    speed: { value: "X", about: "How many times as fast as real time (default: 1)" },
    seed: { value: "N", about: "Varies ids and details; the same one gives the same world (default: 1)" },
  },
  examples: [["emulator --port 0 --world runaway", "one run that burns money; Ctrl-C ends it"]],
  notes: `The worlds:\n${worldNames.map((name) => `  ${name}: ${aboutWorld(name)}`).join("\n")}`,
  endsItself: true,
  async run({ args, terminal, signal }) {
    const world = (args.choice("world", worldNames) ?? "busy-day") as WorldName;
    const port = args.count("port") ?? DEFAULT_PORT;
    const speed = Number(args.text("speed") ?? 1);
    if (!(speed > 0 && speed <= 1_000_000)) {
      throw new UsageError(`--speed: got "${args.text("speed")}", wanted a number above 0.`);
    }
    const served = createEmulator({ world, seed: args.count("seed") ?? 1, clock: runningClock({ speed }) });
    const server = await served.listen(port).catch((cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "is taken" : `can't be used (${cause.code})`;
      throw new UsageError(`Port ${port} ${why}. Give another: --port 0 takes any.`, { cause });
    });
    const env = { APIFY_API_URL: server.url, APIFY_TOKEN: "any" };
    if (args.flag("json")) terminal.data(JSON.stringify({ world, url: server.url, env }));
    else {
      const told = `A pretend Apify serves the world ${world} at ${server.url} (${speed} × real time).`;
      terminal.out(wrapped(told, terminal.columns));
      terminal.out(`  export APIFY_API_URL=${server.url} APIFY_TOKEN=any`);
    }
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await server.close();
    return 0;
  },
};
