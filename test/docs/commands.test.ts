import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { App, Stack } from "aws-cdk-lib";
import { describe, expect, it } from "vitest";
import { allCommands } from "../../cli/commands/index.ts";
import { parseCommandLine } from "../../cli/program.ts";
import { parseStartOptions } from "../../cli/start/start-options.ts";
import { propsFromContext } from "../../infra/settings.ts";
import { runAsTyped } from "../cli/as-typed.ts";
import { words } from "../cli/support.ts";
import { PAGES, type Shown, shownCommands } from "./command-lines.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const COMMANDS = await allCommands();
const shown = shownCommands();

/** What a reader puts something of his own in the place of. */
const PLACES: Readonly<Record<string, string>> = {
  RUN_ID: "$RUN",
  RUN: "$RUN",
  ENTRY_ID: "$ENTRY",
  ID: "weaker:pause",
  WHEN: "6h",
  TEXT: "why",
  NAME: "Acme",
};
const filled = (line: string): string =>
  line.replaceAll(/(?<!\$)\b[A-Z]+(?:_[A-Z]+)*\b/g, (word) => PLACES[word] ?? word);

/** By what people call the program, and what they write behind it. `start` is a program of its own in a checkout. */
const CALLS: readonly (readonly [RegExp, string])[] = [
  [/^npm start(?: --silent)?(?: --)?(?= |$)/, "start"],
  [/^(?:npx apify-run-watchdog(?:@[\w.]+)?|npm run (?:--silent )?watchdog --|watchdog)(?= |$)/, ""],
];

/** A command line without what calls the program; `undefined`: it is of another program. */
function lineOf({ command }: Shown): string | undefined {
  const call = CALLS.find(([pattern]) => pattern.test(command));
  return call && `${call[1]} ${filled(command.replace(call[0], "").replace("…", "")).trim()}`.trim();
}

const isStart = (line: string): boolean => /^start\b/.test(line);
const ours = shown.flatMap((each) => {
  const line = lineOf(each);
  return line === undefined || line === "" || line.includes("<") ? [] : [{ ...each, line }];
});

const parse = (line: string) => parseCommandLine(words(line), COMMANDS, { columns: 80, version: "1.2.3" });
const ends = await Promise.all(ours.map(async (each) => ({ ...each, parsed: await parse(each.line) })));
const isWhole = ({ parsed, line }: (typeof ends)[number]): boolean => parsed.kind === "run" && !isStart(line);
const withoutStack = (line: string): string => line.replace(/ --stack \w+/, "");
/** test/cli/examples.test.ts runs what docs/cli.md shows. The pretend account is that of every stack. */
const isInCli = new Set(
  ends.flatMap(({ page, inline, line }) => (page === "docs/cli.md" && !inline ? [line] : [])),
);
/** Takes a file that the line before it writes, as test/cli/commands/suggest.test.ts does. */
const needsFile = (line: string): boolean => /\bsuggested\.yaml\b/.test(line);
const run = [...new Set(ends.filter(isWhole).map(({ line }) => withoutStack(line)))].filter(
  (line) => !isInCli.has(line) && !needsFile(line),
);

const deploys = shown.filter(({ command }) => /^(?:npm run deploy|npx cdk \w+) .*-c /.test(command));
const emulators = shown.filter(({ command }) => command.startsWith("npm run emulator -- "));

/** Commands that no test here runs, and why. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^aws /, "AWS's own command line, on an AWS account"],
  [/^(?:npx )?cdk /, "the CDK's own command line; test/infra synthesizes and compares the templates"],
  [/^(?:read|export|unset) /, "of the shell; its syntax is checked below"],
  [/^npm (?:ci|test|install|login|pack|publish|pkg)\b/, "npm's own; test/package installs and packs"],
  [/^npm run(?: [\w:-]+(?: -- .*)?)?$/, "a script of package.json, which test/docs.test.ts looks up"],
  [/^npx vitest run /, "this very test runner; the files that it names are looked up below"],
];

describe("the commands that the documents show", () => {
  it("are many, each of a program that is known, or with a reason not to run it here", () => {
    expect(shown.length).toBeGreaterThan(150);
    const known = new Set<Shown>([
      ...shown.filter((each) => lineOf(each) !== undefined),
      ...deploys,
      ...emulators,
    ]);
    const others = shown.filter((each) => !known.has(each));
    expect(others.filter(({ command }) => !ELSEWHERE.some(([pattern]) => pattern.test(command)))).toEqual([]);
    for (const [pattern, why] of ELSEWHERE)
      expect(
        others.some(({ command }) => pattern.test(command)),
        why,
      ).toBe(true);
  });

  it.each(ends)(
    "are read by the program as they are written: $command ($page)",
    ({ parsed, inline, line }) => {
      if (isStart(line)) return void expect(() => parseStartOptions(words(line).slice(1))).not.toThrow();
      // In the middle of a sentence a command may be named without what it needs.
      const wrong = parsed.kind === "mistake" ? parsed.message : "";
      expect(inline ? wrong.replace(/^"watchdog [a-z ]+" needs .*/s, "") : wrong).toBe("");
    },
  );

  it.each(run)("do on a pretend account what they say: watchdog %s", runAsTyped);

  it.each(deploys)("have settings that there are: $command ($page)", ({ command }) => {
    const given = [...command.matchAll(/-c ([\w]+)='?([^\s']+)/g)].map(([, name = "", value]) => [
      name,
      value,
    ]);
    const context = Object.fromEntries(given);
    expect(() => propsFromContext(new Stack(new App({ context }), "Tried"))).not.toThrow();
  });

  it.each(emulators)("start an emulator: $command", async ({ command }) => {
    const argv = [...words(command).slice(words("npm run emulator --").length), "--port", "0"];
    const child = spawn(process.execPath, [`${root}emulator/main.ts`, ...argv]);
    const [told] = await once(child.stdout, "data");
    child.kill();
    expect(String(told)).toContain("A pretend Apify serves");
  });

  it("name test files that there are", () => {
    for (const { command } of shown) {
      const [, file = ""] = /^npx vitest run (\S+\.ts)$/.exec(command) ?? [];
      expect(existsSync(root + file), file).toBe(true);
    }
  });

  it("are lines that a shell can read", async () => {
    const blocks = PAGES.flatMap((page) =>
      [...readFileSync(root + page, "utf8").matchAll(/^ *```sh\n(.*?)^ *```$/gms)].map(
        ([, block = ""]) => block,
      ),
    );
    const shell = spawn("bash", ["-n"]);
    shell.stdin.end(blocks.join("\n"));
    const [err, [code]] = await Promise.all([text(shell.stderr), once(shell, "close")]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });
});
