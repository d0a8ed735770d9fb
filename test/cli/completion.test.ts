import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { allCommands } from "../../cli/commands/index.ts";
import { knownValues } from "../../cli/completion/known-values.ts";
import { instead } from "../support/instead.ts";
import { fiveUsd } from "../support/policies.ts";
import { type Watched, watch } from "../support/watch.ts";
import { HEALTHY, OVER_5_USD, worldOf } from "../support/world.ts";
import { cli, type RunOptions } from "./support.ts";

const account = async (): Promise<Watched> => {
  const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: fiveUsd() });
  await watched.ticks(1);
  await cli(watched, ["runs"]);
  return watched;
};

/** What is offered where the last word is being typed. */
async function offered(watched: Watched, words: readonly string[], options?: RunOptions) {
  const { out } = await cli(watched, ["--get-yargs-completions", "watchdog", ...words], options);
  return out.split("\n").filter(Boolean);
}

const named = (watched: Watched, name: string) => ({
  connection: {
    ports: {
      ...watched.ports,
      state: instead(watched.ports.state, {
        readNames: async (_kind, ids) => new Map(ids.map((id) => [id, { name, readAt: new Date(0) }])),
      }),
    },
  },
});

describe("the completion of watchdog", () => {
  it("knows the rules in force, live and just stopped runs, and the names of their Actors", async () => {
    const watched = await account();
    const runIds = watched.runIds();
    expect(await offered(watched, ["exempt", "add", "--rule", ""])).toEqual(["no-run-over-5-usd"]);
    for (const words of [["explain"], ["undo"], ["audit", "show"], ["exempt", "add", "--run"]])
      expect((await offered(watched, [...words, ""])).toSorted()).toEqual([...runIds].toSorted());
    expect(await offered(watched, ["explain", runIds[0]?.slice(0, 3) ?? ""])).toEqual([runIds[0]]);
    const actor = ["exempt", "add", "--actor", "ac"];
    expect(await offered(watched, actor, named(watched, "acme/shop"))).toEqual(["acme/shop"]);
  });

  it("knows commands, options and the words that an option takes", async () => {
    const watched = await account();
    expect(await offered(watched, ["au"])).toContain("audit");
    expect(await offered(watched, ["audit", "list", "--kind", "abort.c"])).toEqual(["abort.confirmed"]);
    expect(await offered(watched, ["spend", "--by", "d"])).toEqual(["day"]);
    for (const typed of ["-", "--", "--b"])
      expect(await offered(watched, ["spend", typed]), typed).toContain("--by");
  });

  it.each([
    ["as two words", ["exempt", "add", "--stack", "Prod", "--rule", ""]],
    ["as one", ["exempt", "add", "--stack=Prod", "--rule", ""]],
    ["as bash breaks it", ["exempt", "add", "--stack", "=", "Prod", "--rule", ""]],
  ])("asks the stack that the line names %s", async (_how, words) => {
    const asked: (string | undefined)[] = [];
    await knownValues(words, await allCommands(), async (args) => {
      asked.push(args.text("stack"));
      throw new Error("no");
    });
    expect(asked).toEqual(["Prod"]);
  });

  it("offers nothing that a shell might run, and nothing where the tables can't be asked", async () => {
    const watched = await account();
    const actor = ["exempt", "add", "--actor", ""];
    for (const name of ["$(touch x)", "a b", "`id`", "-rf", "a;b"])
      expect(await offered(watched, actor, named(watched, name))).toEqual([]);
    const state = instead(watched.ports.state, { readControl: () => Promise.reject(new Error("no")) });
    const broken = { connection: { ports: { ...watched.ports, state } } };
    expect(await offered(watched, ["exempt", "add", "--rule", ""], broken)).toEqual([]);
  });

  it("prints a script for bash, zsh and fish, of which bash asks with the words up to the cursor", async () => {
    const watched = await account();
    for (const shell of ["bash", "zsh", "fish"])
      expect((await cli(watched, ["completion", shell])).out).toContain("watchdog --get-yargs-completions");
    expect((await cli(watched, ["completion"], { env: { SHELL: "/bin/fish" } })).out).toContain(
      "complete -c",
    );
    expect(await cli(watched, ["completion", "zhs"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("Did you mean zsh?"),
    });
    const { out: script } = await cli(watched, ["completion", "bash"]);
    const told = spawnSync("bash", [
      "--norc",
      "-c",
      `${script}
       watchdog() { printf '%s\\n' "$@" 'a-rule' '$(echo b)'; }
       COMP_WORDS=(watchdog exempt add --rule a later) COMP_CWORD=4; _watchdog; printf '%s\\n' "\${COMPREPLY[@]}"
       COMP_WORDS=(watchdog exempt add --rule '') COMP_CWORD=4; _watchdog; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ]);
    const [first, ...rest] = told.stdout.toString().split("--get-yargs-completions\n");
    expect(first).toBe("add\na\na-rule\n");
    expect(rest.join("")).toContain("a-rule\n$(echo b)\n");
  });
});
