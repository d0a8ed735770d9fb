import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { isOnPath } from "../../cli/package.ts";
import { pasteable } from "../../cli/target/typing.ts";
import { fiveUsd } from "../support/policies.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { type Watched, watch } from "../support/watch.ts";
import { HEALTHY, OVER_5_USD, worldOf } from "../support/world.ts";
import { hintsIn, unpasteable } from "./hints.ts";
import { afterStops, cli, type Ran } from "./support.ts";

const NO_RUN = "nosuchrun00000000";

async function bare(): Promise<Watched> {
  const watched = await watch(worldOf(HEALTHY));
  await watched.ticks(1);
  return watched;
}
async function paused(): Promise<Watched> {
  const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
  await cli(watched, ["pause", "--reason", "x", "--until", "2h"]);
  return watched;
}

/** Answers that say what to do next. */
const ANSWERS: readonly (readonly [readonly string[], () => Promise<Watched>])[] = [
  [["abort", NO_RUN, "--reason", "x"], bare],
  [["abort", "$FIRST", "--reason", "x"], bare],
  [["abort", "$FIRST", "--reason", "x"], paused],
  [["explain", NO_RUN], bare],
  [["explain", "$FIRST"], bare],
  [["explain", "$FIRST"], afterStops],
  [["status"], bare],
  [["doctor"], bare],
  [["drill"], bare],
  [["policy", "list"], bare],
  [["policy", "show"], bare],
  [["policy", "diff"], bare],
  [["runs", "--past", "--since", "30d"], bare],
  [["spend", "--since", "30d"], bare],
  [["exempt", "end", "--run", NO_RUN, "--reason", "x"], bare],
  [["exempt", "add", "--run", NO_RUN, "--until", "1h", "--reason", "x"], bare],
  [["exempt", "add", "--run", "$FIRST", "--until", "1h", "--reason", "x"], afterStops],
  [["undo", NO_RUN, "--until", "1h", "--reason", "x"], bare],
  [["rnus"], bare],
];

/** What a person fills in before it is typed; a policy file is this project's. */
const filled = (words: readonly string[]): readonly string[] =>
  words.map((word) => (word === "…" ? "because" : word));

async function answered(on: () => Promise<Watched>, argv: readonly string[], columns?: number) {
  const watched = await on();
  const [first = ""] = watched.runIds();
  const line = argv.map((word) => word.replace("$FIRST", first));
  const ran: Ran = await cli(watched, line, columns === undefined ? {} : { columns });
  return { watched, ...ran };
}

describe("what an answer shows to be typed", () => {
  it.each(ANSWERS)(
    "is a command that runs on the answer's target, on a narrow terminal, too: %j",
    async (argv, on) => {
      const { watched, out, err } = await answered(on, argv, 80);
      const hints = hintsIn(out + err);
      expect(hints).not.toEqual([]);
      for (const hint of hints) {
        if (hint.includes("--help")) continue;
        const { code, err: said } = await cli(watched, filled(hint), { answers: ["y", "y"] });
        expect(code, `${hint.join(" ")}: ${said}`).not.toBe(2);
      }
    },
  );

  it("names the stack, the account where there may be others, or --local", () => {
    const hint = "Live runs: watchdog runs";
    const stack = { kind: "stack", name: "Acme", account: "default" } as const;
    const typed = (...of: Parameters<typeof pasteable> extends [string, ...infer R] ? R : never) =>
      pasteable(hint, ...of).replace("Live runs: npm run watchdog -- ", "");
    expect(typed(stack)).toBe("runs --stack Acme");
    expect(typed({ ...stack, account: "shop" })).toBe("runs --stack Acme --account shop");
    expect(typed(stack, "default")).toBe("runs --stack Acme --account default");
    expect(typed({ kind: "folder", name: ".watchdog/account", account: "default" })).toBe("runs --local");
    expect(typed({ kind: "environment", name: "table", account: "shop" })).toBe("runs");
    expect(typed({ kind: "environment", name: "table", account: "shop" }, "shop")).toBe(
      "runs --account shop",
    );
    expect(typed(undefined)).toBe("runs");
  });

  it("is seen where it would not run", async () => {
    const seen = (text: string) => unpasteable({ out: text, err: "" }, { hasTarget: true });
    expect(await seen("Live runs: watchdog runs")).toEqual([expect.stringContaining("no runner")]);
    expect(await seen("Live runs: npm run watchdog -- runs")).toEqual([expect.stringContaining("no target")]);
    expect(await seen("x: npm run watchdog -- rnus --local")).toEqual([expect.stringContaining("rnus")]);
    expect(await seen("x: npm run watchdog -- undo --local")).toEqual([expect.stringContaining("needs")]);
    expect(await seen("x: npm run watchdog -- runs --local")).toEqual([]);
  });
});

describe("the installed package", () => {
  it("is called watchdog where a shell finds it by that name, and by npx where only npm does", async () => {
    const root = await tempFolder();
    const [program, other] = [join(root, "bin.js"), join(root, "other.js")];
    const folders = ["global", "else", "node_modules/.bin"].map((name) => join(root, name));
    for (const folder of folders) await mkdir(folder, { recursive: true });
    for (const file of [program, other]) {
      await writeFile(file, "");
      await chmod(file, 0o755);
    }
    const [global = "", elsewhere = "", own = ""] = folders;
    await symlink(program, join(global, "watchdog"));
    await symlink(other, join(elsewhere, "watchdog"));
    await symlink(program, join(own, "watchdog"));
    expect(isOnPath(["/nowhere", global].join(delimiter), program)).toBe(true);
    expect(isOnPath([elsewhere, global].join(delimiter), program)).toBe(false);
    expect(isOnPath(own, program)).toBe(false);
    expect(isOnPath("", program)).toBe(false);
  });
});
