import { stripVTControlCharacters } from "node:util";
import { allCommands } from "../../cli/commands/index.ts";
import { parseCommandLine } from "../../cli/program.ts";

const COMMANDS = await allCommands();
const NAMES = COMMANDS.map(({ name }) => name).join("|");

/** What begins a command line where it is typed in a checkout. */
const RUNNER = "npm run watchdog --";

/** A command that is called by a name that no shell knows here. A name in quotes, or in a sentence, is none. */
const BARE = new RegExp(`(?:^|: |→ )watchdog (?:${NAMES})\\b.*$`, "gm");
const TYPED = new RegExp(`${RUNNER} (.+)$`, "gm");

/** Splits a command line as a shell would, as far as hints and examples need it. */
export const words = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");

/** The command lines that an answer shows to be pasted, as words behind the runner. */
export const hintsIn = (text: string): readonly (readonly string[])[] =>
  [...stripVTControlCharacters(text).matchAll(TYPED)].map(([, line = ""]) => words(line));

/** Of JSON the strings that show a command; what it quotes of the audit stays as it was written. */
function textIn(out: string): string {
  try {
    const strings: string[] = [];
    JSON.parse(out, (_key, value) => {
      if (typeof value === "string" && value.includes(RUNNER)) strings.push(value);
      return value;
    });
    return strings.join("\n");
  } catch {
    // A help has names of commands, not hints.
    return out.includes("For every command:") ? "" : out;
  }
}

/** What of an answer could not be pasted as it stands: by a wrong runner, on no target, or with a mistake in it. */
export async function unpasteable(
  { out, err }: { readonly out: string; readonly err: string },
  { hasTarget }: { readonly hasTarget: boolean },
): Promise<readonly string[]> {
  const text = `${textIn(out)}\n${err}`;
  const problems = [...stripVTControlCharacters(text).matchAll(BARE)].map(
    ([line]) => `called by no runner: ${line}`,
  );
  for (const hint of hintsIn(text)) {
    const parsed = await parseCommandLine(hint, COMMANDS, { columns: 80, version: "0" });
    const line = hint.join(" ");
    if (parsed.kind === "mistake") problems.push(`${line}: ${parsed.message}`);
    const isAboutTarget = parsed.kind === "run" && parsed.command.name !== "use";
    if (hasTarget && isAboutTarget && !hint.includes("--local") && !hint.includes("--stack"))
      problems.push(`on no target: ${line}`);
  }
  return problems;
}
