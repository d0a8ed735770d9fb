import { nearest, printable } from "../src/policy/index.ts";
import { type Command, commandOf } from "./command.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import { notOneOf } from "./options/args.ts";

const SHARED = [...Object.keys(GLOBAL_OPTIONS), "help", "version"];

const quoted = (words: readonly string[]): string => `"${["watchdog", ...words].join(" ")}"`;

/** What the parser says where a command is not complete; the words are found here. */
export const NEEDS_A_WORD = "needs a word";

/** The words that may stand behind these; empty when they make a command, or none. */
function nextWords(words: readonly string[], commands: readonly Command[]): readonly string[] {
  const names = commands.map(({ name }) => name.split(" "));
  const here = names.filter((name) => words.every((word, at) => name[at] === word));
  return [...new Set(here.flatMap((name) => name[words.length] ?? []))];
}

/** A word that no command begins with, or goes on with; or that one is missing. */
function wrongWord(words: readonly string[], commands: readonly Command[]): string | undefined {
  for (let at = 0; at < 2; at++) {
    const [before, word] = [words.slice(0, at), words[at]];
    const options = nextWords(before, commands);
    if (options.length === 0 || options.includes(word ?? "")) continue;
    if (word === undefined) return `${quoted(before)} needs a command: ${options.join(", ")}.`;
    const guess = nearest(word, options);
    const hint = guess ? `Did you mean ${guess}?` : `There are ${options.join(", ")}.`;
    return `There is no command ${quoted([...before, word])}. ${hint}`;
  }
  return undefined;
}

/** What is wrong with the words before the first option, of a command line that asks for help: no help has them. */
export function wrongHelp(argv: readonly string[], commands: readonly Command[]): string | undefined {
  const end = argv.findIndex((token) => token.startsWith("-"));
  const words = argv.slice(0, end < 0 ? undefined : end);
  if (words.length === 0 || commandOf(words, commands) || nextWords(words, commands).length > 0)
    return undefined;
  const text = wrongWord(words, commands);
  return text && `${printable(text)}\nMore: watchdog --help`;
}

function wrongOption(argv: readonly string[], command: Command | undefined): string | undefined {
  const known = [...Object.keys(command?.options ?? {}), ...SHARED];
  const names = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : undefined).flatMap((token) => {
    const name = /^--?([^=]+)/.exec(token)?.[1];
    return name === undefined || known.includes(name) ? [] : [{ token: token.split("=")[0], name }];
  });
  const [first] = names;
  if (first === undefined) return undefined;
  const guess = nearest(first.name, known);
  const hint = guess ? `Did you mean --${guess}?` : "";
  const of = command ? ` of ${quoted([command.name])}` : "";
  return `There is no option ${first.token}${of}. ${hint}`.trimEnd();
}

/** A word behind an option that takes only some. */
function wrongChoice(
  [, name = "", value = ""]: RegExpExecArray,
  command: Command | undefined,
): string | undefined {
  const choices = command?.options?.[name]?.choices;
  return choices && notOneOf(`--${name}`, value, choices);
}

/** Says what is wrong with a command line and what was probably meant. `said` is what the parser makes of it. */
export function mistake(argv: readonly string[], commands: readonly Command[], said: string): string {
  const words = argv.filter((token) => !token.startsWith("-"));
  const command = commandOf(words, commands);
  const missing = /^Missing required arguments?: (.+)$/.exec(said)?.[1];
  const needsMore = command && /^Not enough non-option arguments/.test(said);
  const tooMuch = command && /^Unknown arguments?: (.+)$/.exec(said)?.[1];
  const valueless = /^Not enough arguments following: (.+)$/.exec(said)?.[1];
  const choice = /Argument: ([\w-]+), Given: "([^"]*)"/.exec(said);
  const text =
    wrongOption(argv, command) ??
    (command ? undefined : wrongWord(words, commands)) ??
    (missing && command
      ? `${quoted([command.name])} needs ${missing
          .split(", ")
          .map((name) => `--${name}`)
          .join(" and ")}.`
      : undefined) ??
    (needsMore
      ? `${quoted([command.name])} needs ${(command.positionals ?? []).map(({ name }) => `<${name}>`).join(" ")}.`
      : undefined) ??
    (tooMuch ? `${quoted([command.name])} takes no "${tooMuch}".` : undefined) ??
    (choice ? wrongChoice(choice, command) : undefined) ??
    (valueless ? `--${valueless} was given without a value.` : said);
  const group = nextWords(words.slice(0, 1), commands).length > 0 ? `${words[0] ?? ""} ` : "";
  const help = command ? `watchdog ${command.name} --help` : `watchdog ${group.trimStart()}--help`;
  return `${printable(text)}\nMore: ${printable(help)}`;
}
