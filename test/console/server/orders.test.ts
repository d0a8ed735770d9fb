import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandsFor } from "../../../cli/commands/index.ts";
import { parseCommandLine } from "../../../cli/program.ts";
import type { Order } from "../../../console/api.ts";
import { orderArgv, orderTyped } from "../../../console/server/orders.ts";

/** One of each, with a value in every place that takes one. */
const ordersOf = (value: string): readonly Order[] => [
  { act: "stop", runId: value, reason: value },
  { act: "let-run", runId: value, until: value, ceilingUsd: value, reason: value },
  { act: "undo", stop: value, until: value, ceilingUsd: value, reason: value },
  { act: "pause", until: value, reason: value },
  { act: "resume", reason: value },
  { act: "release", schedule: value, reason: value },
  { act: "end-exemption", subject: "actor", id: value, ruleId: value, reason: value },
];

/** One with a word of its own, which the others are like. */
const someOf = (value: string): readonly Order[] => ordersOf(value).slice(0, 1);

/** What the command line makes of it: which command, and every value by its name. */
async function understood(argv: readonly string[]) {
  const parsed = await parseCommandLine(argv, await commandsFor(argv), { columns: 80, version: "0" });
  if (parsed.kind !== "run") throw new Error(`not understood: ${JSON.stringify(argv)}`);
  const { command, args } = parsed;
  const names = [
    ...Object.keys(command.options ?? {}),
    ...(command.positionals ?? []).map(({ name }) => name),
  ];
  const texts = names.flatMap((name) => {
    const text = args.text(name);
    return text === undefined ? [] : [[name, text] as const];
  });
  const flags = ["dry-run", "yes", "no-wait", "force", "with-children"].filter((name) => args.flag(name));
  return { name: command.name, texts: Object.fromEntries(texts), flags };
}

const NASTY = [
  ...["--yes", "--force", "-h", "--", "-", "--reason=x", "--with-children", "--actor=acme/shop"],
  ...[
    "$(rm -rf ~)",
    "`id`",
    "a'b\"c",
    "; true",
    "x && y",
    "*",
    "a b",
    "é🙂",
    "%PATH%",
    "!!",
    "\\",
    "--stack=other",
  ],
];

describe("an order as a command line", () => {
  it.each(NASTY)("passes %j as a value, and never as an option or another word", async (value) => {
    for (const order of value === "--yes" ? ordersOf(value) : someOf(value)) {
      const { name, texts, flags } = await understood(orderArgv(order, "--dry-run"));
      expect(flags.toSorted()).toEqual(order.act === "stop" ? ["dry-run", "no-wait"] : ["dry-run"]);
      expect(Object.values(texts)).toEqual(Object.values(texts).map(() => value));
      expect(texts.reason).toBe(value);
      expect(name).toMatch(/^(abort|exempt add|undo|pause|resume|release|exempt end)$/);
    }
  });

  it("does so with whatever is one line", async () => {
    const lines = fc
      .string({ minLength: 1, maxLength: 40, unit: "grapheme-ascii" })
      .filter((each) => each.trim() !== "");
    await fc.assert(
      fc.asyncProperty(lines, async (value) => {
        for (const order of someOf(value)) {
          const { texts, flags } = await understood(orderArgv(order, "--yes"));
          expect(flags).not.toContain("force");
          // As for whoever types it: the command line takes quotes around a whole value off.
          expect(texts.reason).toBe(/^(['"]).*\1$/.test(value) ? value.slice(1, -1) : value);
        }
      }),
      { numRuns: 10 },
    );
  });

  it.each(["a\nb", "a\0b", "a\u202eb", "\u001b[2J", "x".repeat(501), "", "  "])(
    "refuses %j in any place before a command is run",
    (value) => {
      for (const order of ordersOf("fine"))
        for (const field of Object.keys(order).filter((each) => each !== "act"))
          expect(() => orderArgv({ ...order, [field]: value })).toThrow(/^"\w|The order lacks/);
    },
  );

  it.each([
    null,
    undefined,
    "stop",
    7,
    [],
    {},
    { act: "policy push" },
    { act: "toString" },
    { act: ["stop"] },
    { act: "stop" },
  ])("refuses what is no order: %j", (order) => {
    expect(() => orderArgv(order)).toThrow(/"act" is one of|lacks/);
  });

  it("refuses values that are no texts, and kinds of subjects that there are none of", () => {
    for (const runId of [7, true, null, ["x"], { toString: "x" }])
      expect(() => orderArgv({ act: "stop", runId, reason: "x" })).toThrow('lacks "runId"');
    expect(() => orderArgv({ act: "end-exemption", subject: "force", id: "x", reason: "x" })).toThrow(
      "run, actor, task, rule",
    );
  });

  it.each(NASTY)("is typed so that a shell gives the same: %j", async (value) => {
    for (const order of someOf(value)) {
      const typed = orderTyped(order).replace(/^watchdog /, "printf '%s\\0' ");
      const words = execFileSync("/bin/sh", ["-c", typed]).toString().split("\0").slice(0, -1);
      const { texts, flags } = await understood(words);
      expect(flags).toEqual(order.act === "stop" ? ["no-wait"] : []);
      expect(Object.values(texts)).toEqual(Object.values(texts).map(() => value));
    }
  });
});
