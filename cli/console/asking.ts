import type { Asked, Asking } from "../../console/server/asking.ts";
import { systemClock } from "../../src/adapters/system.ts";
import type { Connection } from "../command.ts";
import type { Args } from "../options/args.ts";
import { captured } from "../show/captured.ts";
import type { Terminal } from "../show/terminal.ts";
import { pasteable } from "../target/typing.ts";
import { KeptConnection } from "./kept-connection.ts";

/** What runs a command line from end to end, and returns its exit code. */
export type Run = (
  argv: readonly string[],
  world: { terminal: Terminal; signal: AbortSignal; connect(args: Args): Promise<Connection> },
) => Promise<number>;

/** The words that name the target on a command line, as they were written. */
const targetWords = (args: Args): readonly string[] => [
  ...["stack", "account"].flatMap((name) => {
    const value = args.text(name);
    return value === undefined ? [] : [`--${name}=${value}`];
  }),
  ...(args.flag("local") ? ["--local"] : []),
];

/** Options more, before a `--` behind which all is words. */
function withOptions(argv: readonly string[], options: readonly string[]): readonly string[] {
  const end = argv.indexOf("--");
  return end < 0 ? [...argv, ...options] : [...argv.slice(0, end), ...options, ...argv.slice(end)];
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** AWS's refusals may be those of credentials that ran out: a new connection looks for new ones. */
const isOfAws = (json: unknown): boolean =>
  (json as { readonly error?: { readonly code?: string } } | undefined)?.error?.code === "aws";

/** Runs commands inside of a command, on one kept connection. `args`: whose target they are on. */
export function askingOn(
  args: Args,
  run: Run,
  open: (args: Args, terminal: Terminal) => Promise<Connection>,
): Asking & { close(): Promise<void> } {
  const words = targetWords(args);
  const kept = new KeptConnection();
  return {
    async ask(argv, signal): Promise<Asked> {
      const { terminal, out, err } = captured();
      const connect = async (asked: Args): Promise<Connection> => {
        // Not the terminal of whoever comes first: what the connection says later is no part of that one's answer.
        const connection = await kept.use(() => open(asked, captured().terminal));
        // Whoever asked has gone: no one else would close it.
        if (signal.aborted) await connection.close();
        return connection;
      };
      const code = await run(withOptions(argv, [...words, "--json"]), { terminal, signal, connect });
      const answer = parsed(out());
      if (isOfAws(answer)) kept.renew();
      return { code, ...(answer !== undefined && { json: answer }), said: err() };
    },
    now: () => (kept.last?.ports.clock ?? systemClock).now(),
    pasteable: (text) => pasteable(text, kept.last?.target, args.text("account")),
    close: () => kept.close(),
  };
}
