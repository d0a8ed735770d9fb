import { describe, expect, it } from "vitest";
import { allCommands, commandsFor } from "../../cli/commands/index.ts";
import { parseCommandLine } from "../../cli/program.ts";
import { widthOf, words } from "./support.ts";

const COMMANDS = await allCommands();

const parse = (line: string, columns = 80) =>
  parseCommandLine(words(line), COMMANDS, { columns, version: "1.2.3" });

async function text(line: string, columns?: number): Promise<string> {
  const parsed = await parse(line, columns);
  return parsed.kind === "text" ? parsed.text : `${parsed.kind}!`;
}

describe("watchdog --help", () => {
  it("names every command, in lines of at most 80 columns", async () => {
    const groups = new Set(COMMANDS.flatMap(({ name }) => (name.includes(" ") ? [name.split(" ")[0]] : [])));
    const pages = ["", ...groups].map((group) => text(`${group} --help`.trim()));
    const help = (await Promise.all(pages)).join("\n");
    for (const { name, about } of COMMANDS) {
      expect(help).toContain(`watchdog ${name}`);
      expect(help.replace(/\s+/g, " ")).toContain(about);
    }
    expect(Math.max(...help.split("\n").map(widthOf))).toBeLessThanOrEqual(80);
  });

  it.each(COMMANDS)("explains $name with options and examples, at 80 columns and at 200", async (command) => {
    for (const columns of [80, 200]) {
      const help = await text(`${command.name} --help`, columns);
      const flat = help.replace(/\s+/g, " ");
      expect(flat).toContain(command.about);
      for (const [name, { about }] of Object.entries(command.options ?? {})) {
        expect(flat).toContain(`--${name}`);
        expect(flat.replace(/ \[.*?\]/g, "")).toContain(about.split(" ").slice(0, 3).join(" "));
      }
      for (const [, what] of command.examples) {
        for (const word of what.split(" ")) expect(flat).toContain(word);
      }
      expect(Math.max(...help.split("\n").map(widthOf))).toBeLessThanOrEqual(columns);
    }
  });

  it.each(COMMANDS.flatMap(({ name, examples }) => examples.map(([line]) => ({ name, line }))))(
    "gives an example of $name that is read as one: $line",
    async ({ name, line }) => {
      const parsed = await parse(line);
      expect(parsed.kind === "run" ? parsed.command.name : parsed).toBe(name);
    },
  );

  it.each(COMMANDS)("shows the examples of $name unbroken", async (command) => {
    const help = (await text(`${command.name} --help`, 80)).replaceAll(/ \\\n +/g, " ");
    for (const [line] of command.examples) expect(help.split("\n")).toContain(`  watchdog ${line}`);
  });

  it("tells its version", async () => {
    expect(await text("--version")).toBe("1.2.3");
    expect(await text("-v")).toBe("1.2.3");
  });

  it("completes commands and options", async () => {
    expect((await text("--get-yargs-completions watchdog au")).split("\n")).toContain("audit");
    expect((await text('--get-yargs-completions watchdog audit ""')).split("\n")).toContain("verify");
  });
});

const WRONG: readonly (readonly [string, string])[] = [
  ["", '"watchdog" needs a command: status, doctor, drill, scan, tick, runs, explain'],
  ["adit list", 'There is no command "watchdog adit". Did you mean audit?'],
  ["audit lst", 'There is no command "watchdog audit lst". Did you mean list?'],
  ["audit", '"watchdog audit" needs a command: list, show, verify.'],
  ["polcy", "Did you mean policy?"],
  ["polcy --help", 'There is no command "watchdog polcy". Did you mean policy?'],
  ["policy pussh -h", 'There is no command "watchdog policy pussh". Did you mean push?'],
  ["frobnicate", "There are status, doctor, drill, scan, tick, runs, explain"],
  ["scan --onec", 'There is no option --onec of "watchdog scan". Did you mean --once?'],
  ["scan --max-usd-per-rn=5", "Did you mean --max-usd-per-run?"],
  ["audit list --jsno", "Did you mean --json?"],
  ["abort r1 --resaon x", "Did you mean --reason?"],
  ["abort r1", '"watchdog abort" needs --reason.'],
  ["undo --reason x", '"watchdog undo" needs <'],
  ["abort r1 r2 --reason x", '"watchdog abort" takes no "r2".'],
  ["pause --reason", "--reason was given without a value."],
  ["explain -- -x --y", '"watchdog explain" takes no "--y".'],
  ["spend --by actr", '--by: got "actr". Did you mean actor?\nMore: watchdog spend --help'],
];

describe("a wrong command line", () => {
  it.each(WRONG)("%j is answered with what was meant", async (line, says) => {
    const parsed = await parse(line);
    expect(parsed.kind === "mistake" ? parsed.message : parsed).toContain(says);
  });

  it("takes what is behind -- for words, whatever they begin with", async () => {
    for (const word of ["-x", "--json", "--", "abc"]) {
      const parsed = await parse(`explain --json -- ${word}`);
      if (parsed.kind !== "run") throw new Error(JSON.stringify(parsed));
      expect([parsed.args.text("runId"), parsed.args.flag("json")]).toEqual([word, true]);
    }
    const parsed = await parse("explain abc -- -x");
    expect(parsed).toMatchObject({ kind: "mistake", message: expect.stringContaining('takes no "-x"') });
  });

  it("points to the help of what was meant", async () => {
    const more = async (line: string) => {
      const parsed = await parse(line);
      return parsed.kind === "mistake" ? parsed.message.split("\n").at(-1) : parsed;
    };
    expect(await more("scan --onec")).toBe("More: watchdog scan --help");
    expect(await more("audit lst")).toBe("More: watchdog audit --help");
    expect(await more("frobnicate")).toBe("More: watchdog --help");
  });
});

describe("commandsFor()", () => {
  const lines = [...COMMANDS.flatMap(({ examples }) => examples), ...WRONG].map(([line]) => line);
  it.each([...lines, "--version", "--help", "policy --help", "audit list --help", "constructor"])(
    "loads all that reading %j takes",
    async (line) => {
      const argv = words(line);
      const options = { columns: 80, version: "1.2.3" };
      const all = await parseCommandLine(argv, COMMANDS, options);
      expect(await parseCommandLine(argv, await commandsFor(argv), options)).toEqual(all);
    },
  );

  it("loads one command where one is named, and none for the version", async () => {
    const names = async (line: string) => (await commandsFor(words(line))).map(({ name }) => name);
    expect(await names("audit list --json")).toEqual(["audit list"]);
    expect(await names("scan --once")).toEqual(["scan"]);
    expect(await names("--version")).toEqual([]);
  });
});
