import yargs from "yargs";
import type { Command, Option } from "./command.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import { mistake, NEEDS_A_WORD, wrongHelp } from "./mistake.ts";
import { Args } from "./options/args.ts";
import { CALLS } from "./package.ts";

/** What a command line asks for. */
export type Parsed =
  | { readonly kind: "run"; readonly command: Command; readonly args: Args }
  /** Help, the version, a completion script or completions: to be printed as it is. */
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "mistake"; readonly message: string };

const GROUPS: Readonly<Record<string, string>> = {
  policy: "The rules: validate, test, schema, show, list, observed, diff, push, rollback",
  exempt: "Exemptions, promises not to stop: add, list, end",
  audit: "What was decided and done: list, show, verify",
  notify: "Channels of notifications: test, resend",
};

const EPILOGUE = `The tables: --stack, --local, WATCHDOG_STACK, or STATE_TABLE with AUDIT_TABLE; else those of watchdog use; else those that
${CALLS.start} left here.
Apify: APIFY_TOKEN, APIFY_TOKEN_SECRET or APIFY_TOKEN_PARAMETER; APIFY_API_URL.
${CALLS.hint}
Exit codes: 0 done; 1 something breached or failed; 2 wrong usage; 3 a part of what was asked for is not known; 130 Ctrl-C.`;

const yargsOption = ({ about, value, required, choices }: Option) => ({
  type: value ? ("string" as const) : ("boolean" as const),
  describe: about,
  ...(value && { requiresArg: true }),
  ...(required && { demandOption: true }),
  ...(choices && choices.length <= 12 && { choices }),
});

const PARSER = {
  "boolean-negation": false,
  "camel-case-expansion": false,
  "dot-notation": false,
  "duplicate-arguments-array": false,
  "parse-numbers": false,
  "parse-positional-numbers": false,
} as const;

const HELP: readonly string[] = ["-h", "--help"];

type Yargs = ReturnType<typeof yargs>;

/** What fits beside the indent on the narrowest of terminals. */
const EXAMPLE_COLUMNS = 76;

/** A command line over as many lines as it takes, broken before options, as a shell reads it on. */
function continued(line: string): string {
  const [first = "", ...rest] = line.split(/ (?=--)/);
  const lines = [first];
  for (const option of rest) {
    const last = lines.at(-1) ?? "";
    if (last.length + option.length < EXAMPLE_COLUMNS) lines[lines.length - 1] = `${last} ${option}`;
    else lines.push(option);
  }
  return lines.join(" \\\n    ");
}

function addCommand(to: Yargs, command: Command, words: string, chosen: (values: object) => void): Yargs {
  const { positionals = [], options = {}, examples, about, notes } = command;
  const wanted = positionals.map(({ name, optional, many }) =>
    optional ? `[${name}]` : `<${name}${many ? ".." : ""}>`,
  );
  const builder = (own: Yargs): Yargs => {
    for (const { name, about: describe, many } of positionals)
      own.positional(name, { type: "string", describe, ...(many && { array: true }) });
    for (const [name, option] of Object.entries(options)) own.option(name, yargsOption(option));
    // The parser takes several of a positional for one that is given again.
    if (positionals.some(({ many }) => many))
      own.parserConfiguration({ ...PARSER, "duplicate-arguments-array": true });
    own.group(Object.keys(options), "Options:");
    // Not by own.example(), whose two columns break a command line in the middle of its words.
    const shown = examples
      .map(([line, what]) => `  ${continued(`watchdog ${line}`)}\n    ${what}`)
      .join("\n");
    own.epilogue(`Examples:\n${shown}${notes ? `\n\n${notes}` : ""}`);
    return own;
  };
  return to.command([words, ...wanted].join(" "), about, builder as never, chosen as never);
}

/**
 * Goes through the parser before a word behind `--` that begins with a dash: yargs fills positionals by parsing them once
 * more, without the `--`. No command line has it.
 */
const GUARD = "\u{10fffd}word:";

/** A command line without its first `--`: what is behind it are words, whatever they begin with. So is `-` alone. */
function withoutDashes(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf("--");
  const end = at < 0 ? argv.length : at;
  return [
    ...argv.slice(0, end).map((word) => (word === "-" ? GUARD + word : word)),
    ...argv.slice(end + 1).map((word) => (word.startsWith("-") ? GUARD + word : word)),
  ];
}

const restored = (text: string): string => text.replaceAll(GUARD, "");

/** The same of whatever the parser read. */
const restoredIn = (values: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(values), (_key, value) => (typeof value === "string" ? restored(value) : value));

/** Reads a command line. Prints nothing and ends nothing. */
export async function parseCommandLine(
  written: readonly string[],
  commands: readonly Command[],
  { columns, version }: { readonly columns: number; readonly version: string },
): Promise<Parsed> {
  const argv = withoutDashes(written);
  let parsed: Parsed | undefined;
  const choose = (command: Command) => (values: object) => {
    const positionals = command.positionals?.map(({ name }) => name);
    parsed = { kind: "run", command, args: new Args(restoredIn(values), positionals) };
  };
  const program = yargs().scriptName("watchdog").usage("$0 <command> [options]").locale("en");
  for (const command of commands.filter(({ name }) => !name.includes(" "))) {
    addCommand(program, command, command.name, choose(command));
  }
  for (const [group, about] of Object.entries(GROUPS)) {
    const builder = (own: Yargs): Yargs => {
      for (const command of commands.filter(({ name }) => name.startsWith(`${group} `))) {
        addCommand(own, command, command.name.slice(group.length + 1), choose(command));
      }
      return own.demandCommand(1, NEEDS_A_WORD).recommendCommands();
    };
    program.command(group, about, builder as never);
  }
  for (const [name, option] of Object.entries(GLOBAL_OPTIONS)) program.option(name, yargsOption(option));
  program
    .group(Object.keys(GLOBAL_OPTIONS).concat("help", "version"), "For every command:")
    .parserConfiguration(PARSER)
    .help()
    .alias("h", "help")
    .version(version)
    .alias("v", "version")
    .strict()
    .recommendCommands()
    .demandCommand(1, NEEDS_A_WORD)
    .epilogue(EPILOGUE)
    .wrap(Math.min(columns, 120))
    .exitProcess(false)
    .fail(false);
  let text = "";
  try {
    await program.parseAsync([...argv], {}, (_error, _argv, output) => {
      if (output) text = output;
    });
  } catch (error) {
    return { kind: "mistake", message: restored(mistake(argv, commands, (error as Error).message)) };
  }
  const message = !parsed && argv.some((token) => HELP.includes(token)) && wrongHelp(argv, commands);
  return message ? { kind: "mistake", message } : (parsed ?? { kind: "text", text });
}
