import { type Connection, type Invocation, type Target, targetText } from "./command.ts";
import { allCommands, commandsFor } from "./commands/index.ts";
import { complain } from "./complain.ts";
import { knownValues } from "./completion/known-values.ts";
import { ASKED } from "./completion/scripts.ts";
import { askingOn, type Run } from "./console/asking.ts";
import type { Args } from "./options/args.ts";
import { UsageError } from "./options/usage-error.ts";
import { parseCommandLine } from "./program.ts";
import { listening } from "./show/listening.ts";
import { heldBack } from "./show/pager.ts";
import { painter, type Terminal } from "./show/terminal.ts";
import { checkWrite } from "./target/check-write.ts";
import { pasteable } from "./target/typing.ts";

export type World = {
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly version: string;
  /** `terminal`: where it says what it opens, if not on the world's. */
  connect(args: Args, terminal?: Terminal): Promise<Connection>;
  /** Shows a text in a pager until the person leaves it, and returns whether there was one; absent where none is wanted. */
  page?(text: string): Promise<boolean>;
};

const HELP_COLUMNS = 80;
/** As a shell reports a process that SIGINT ended. */
const INTERRUPTED = 130;

const interrupted = (signal: AbortSignal): Promise<number> =>
  new Promise((resolve) => {
    const end = (): void => resolve(INTERRUPTED);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });

/** `watchdog help runs` is `watchdog runs --help`. */
const asOption = (argv: readonly string[]): readonly string[] =>
  argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;

/** For the parser dashes alone are no option that is being typed; which letter follows is not looked at. */
const begun = (argv: readonly string[]): readonly string[] =>
  argv[0] === ASKED && /^--?$/.test(argv.at(-1) ?? "") ? [...argv.slice(0, -1), "--a"] : argv;

/** Runs one command line from end to end. Returns the exit code; ends nothing and throws nothing. */
export async function runCli(written: readonly string[], world: World): Promise<number> {
  const { terminal, env, signal, version } = world;
  const argv = asOption(written);
  if (argv[0] === ASKED) {
    const values = await knownValues(argv.slice(2), await allCommands(), world.connect);
    if (values) {
      const typed = argv.at(-1) ?? "";
      for (const value of values) if (value.startsWith(typed)) terminal.data(value);
      return 0;
    }
  }
  const columns = terminal.isTty ? terminal.columns : HELP_COLUMNS;
  const parsed = await parseCommandLine(begun(argv), await commandsFor(argv), { columns, version });
  if (parsed.kind === "text") {
    terminal.data(parsed.text);
    return 0;
  }
  if (parsed.kind === "mistake") {
    const json = argv.includes("--json");
    return complain(new UsageError(parsed.message), terminal, {
      json,
      pasteable: (text) => pasteable(text, undefined),
    });
  }
  const { command, args } = parsed;
  const { rows } = terminal;
  const isPaged = command.pages && world.page && rows !== undefined && !args.flag("no-pager");
  const held = isPaged ? heldBack(terminal, rows) : undefined;
  const shown = held?.terminal ?? terminal;
  const typed = (text: string): string => pasteable(text, connection?.target, args.text("account"));
  const { terminal: heard, refusal } = listening(shown);
  const told: Terminal = { ...heard, err: (text) => heard.err(typed(text)) };
  let connection: Connection | undefined;
  let aimed: Target | undefined;
  const askings: ReturnType<typeof askingOn>[] = [];
  let noteOf = async (): Promise<string | undefined> => undefined;
  const invocation: Invocation = {
    args,
    terminal: told,
    paint: painter(terminal),
    pasteable: typed,
    env,
    signal,
    asking(open) {
      const run: Run = (line, asked) => runCli(line, { env, version, ...asked });
      const asking = askingOn(args, run, open ?? world.connect);
      askings.push(asking);
      return asking;
    },
    async connect() {
      if (connection) return connection;
      connection = await world.connect(args);
      if (command.writes?.(args))
        noteOf = await checkWrite(connection, { force: args.flag("force"), local: args.flag("local") });
      return connection;
    },
    aim(target) {
      aimed = target;
      if (!args.flag("json")) terminal.err(`Target: ${targetText(target)}`);
    },
    target: () => connection?.target ?? aimed,
    answer(body, indent = 2) {
      const target = connection?.target ?? aimed;
      told.data(JSON.stringify({ ...(target && { target }), ...body }, null, indent));
    },
  };
  try {
    const [form, other] = ["csv", "jsonl", "json"].filter((each) => args.flag(each));
    if (form !== undefined && other !== undefined)
      throw new UsageError(
        `--${form} and --${other} were given: one answer has one form, so leave one of them out.`,
      );
    const work = command.run(invocation);
    const code = await (command.endsItself ? work : Promise.race([work, interrupted(signal)]));
    if (signal.aborted) return INTERRUPTED;
    const why = code !== 0 && args.flag("json") ? refusal() : undefined;
    if (why !== undefined) invocation.answer({ error: { code: "refused", message: why } });
    if (held && world.page) await held.show(world.page);
    const note = code === 0 ? await noteOf() : undefined;
    if (note !== undefined) terminal.err(note);
    return code;
  } catch (error) {
    // What was cut off fails in ways of its own, which are no news.
    if (signal.aborted) return INTERRUPTED;
    await held?.show(async () => false);
    return complain(error, terminal, { json: args.flag("json"), pasteable: typed });
  } finally {
    terminal.progress(undefined);
    await connection?.close();
    for (const each of askings) await each.close();
  }
}
