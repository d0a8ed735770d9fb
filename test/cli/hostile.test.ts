import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MemoryDatabase } from "../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../src/adapters/memory/stores.ts";
import { readChain } from "../../src/watchdog/audit/append.ts";
import { stateOf } from "../../src/watchdog/model/control.ts";
import { CONTROL_CHAIN, type EntryDraft, runChain, seal } from "../../src/watchdog/model/entry.ts";
import type { Append } from "../../src/watchdog/model/ports.ts";
import { actingIn, HOSTILE } from "../support/hostile.ts";
import { fiveUsd } from "../support/policies.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { type Watched, watch } from "../support/watch.ts";
import { HEALTHY, HOUR, OVER_5_USD, worldOf } from "../support/world.ts";
import { cli } from "./support.ts";

/** As another version, or another's hand, may have left it: appended past all that refuses such texts. */
async function append(
  { ports }: Watched,
  chain: string,
  draft: Omit<EntryDraft, "at" | "entryId">,
  along: (control: Awaited<ReturnType<typeof ports.state.readControl>>) => Omit<Append, "sealed">,
) {
  const { entries, tail } = await readChain(ports, chain);
  const at = ports.clock.now().toISOString();
  const entryId = `${chain === CONTROL_CHAIN ? "c0c0c0" : "abcdef"}${String(entries.length).padStart(14, "0")}`;
  const control = await ports.state.readControl();
  await ports.audit.append({
    sealed: seal({ ...draft, entryId, at }, "default", chain, tail),
    ...along(control),
  });
}

/** An account whose every name, reason, owner, author and message is the text. */
async function account(text: string) {
  const stores = createMemoryStores({ account: "default", database: new MemoryDatabase() });
  const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { stores });
  const { ports } = watched;
  // No version took an owner of several lines.
  const owner = /[\r\n\u2028\u2029]/.test(text) ? "ann" : text;
  const document = fiveUsd({ owner, mode: "observe" });
  await append(
    watched,
    CONTROL_CHAIN,
    {
      kind: "policy.pushed",
      subject: { kind: "control" },
      by: text,
      change: { version: 1, previousVersion: null, reason: text },
    },
    (control) => ({
      control: { next: { ...stateOf(control), policyVersion: 1 }, expectedVersion: control.version },
      policy: { version: 1, document },
    }),
  );
  await watched.ticks(1);
  const [runId = ""] = watched.runIds();
  const until = new Date(ports.clock.now().getTime() + HOUR);
  await append(
    watched,
    CONTROL_CHAIN,
    {
      kind: "exemption.granted",
      subject: { kind: "control" },
      by: text,
      change: {
        subject: { kind: "run", id: runId },
        until: until.toISOString(),
        owner: text,
        reason: text,
      },
    },
    (control) => ({
      control: {
        next: { ...stateOf(control), pause: { since: ports.clock.now(), by: text, reason: text } },
        expectedVersion: control.version,
      },
      exemption: {
        put: { kind: "valid", subject: { kind: "run", id: runId }, until, owner: text, reason: text },
      },
    }),
  );
  await append(
    watched,
    runChain(runId),
    {
      kind: "abort.failed",
      subject: { kind: "run", runId, life: 0 },
      runId,
      actorId: text,
      ruleId: text,
      step: { at: 100, do: text },
      mode: text,
      owner: text,
      by: text,
      response: `500 ${text}`,
      reason: text,
      run: { status: text, startedAt: text, origin: text },
    },
    () => ({}),
  );
  const actorIds = watched.emulator.truth.runs().map(({ actorId }) => actorId);
  const named = new Map([...actorIds, text].map((id) => [id, { name: text, readAt: ports.clock.now() }]));
  await ports.state.writeNames("actor", named);
  return { watched, runId };
}

const SHOWING: readonly (readonly string[])[] = [
  ["audit", "list"],
  ["audit", "show", "control"],
  ["audit", "show", "$RUN"],
  ["audit", "show", "abcdef"],
  ["explain", "$RUN"],
  ["runs"],
  ["runs", "--csv"],
  ["spend"],
  ["spend", "--csv"],
  ["report"],
  ["exempt", "list"],
  ["policy", "list"],
  ["policy", "show"],
];
/** These take the text's place as they show it, so that each is tried on an account of its own. */
const CHANGING: readonly (readonly string[])[] = [
  ["pause", "--reason", "another", "--yes"],
  ["exempt", "add", "--run", "$RUN", "--until", "2h", "--reason", "another"],
];

describe.each(HOSTILE)("a text that would %s", (_what, text) => {
  const showsHarmless = async (
    { watched, runId }: Awaited<ReturnType<typeof account>>,
    argv: readonly string[],
    options: { readonly columns?: number } = {},
  ) => {
    const shown = argv.join(" ");
    const line = argv.map((word) => (word === "$RUN" ? runId : word));
    const { out: raw, err } = await cli(watched, line, options);
    // So RFC 4180 ends the rows of CSV.
    const out = argv.includes("--csv") ? raw.replaceAll("\r\n", "\n") : raw;
    const acting = actingIn(out + err, { colours: options.columns !== undefined });
    expect({ shown, acting }).toEqual({ shown, acting: [] });
    expect({ shown, said: out + err }).toEqual({ shown, said: expect.stringContaining("<<\\") });
    return out;
  };

  // An entry is sealed as UTF-8, which has no half characters.
  it.runIf(text.isWellFormed())("does nothing wherever a command shows it", async () => {
    const stands = await account(text);
    for (const argv of SHOWING) {
      await showsHarmless(stands, argv);
      await showsHarmless(stands, argv, { columns: 200 });
      if (argv.includes("--csv")) continue;
      const json = await showsHarmless(stands, [...argv, "--json"]);
      expect(() => JSON.parse(json)).not.toThrow();
    }
    for (const argv of CHANGING) {
      await showsHarmless(await account(text), argv);
      await showsHarmless(await account(text), argv, { columns: 200 });
    }
  });

  it("is refused on the way in, wherever an operator gives it, and nothing is written", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const [run = ""] = watched.runIds();
    const before = (await watched.ports.state.readControl()).version;
    const exempt = ["exempt", "add", "--run", run, "--until", "2h"];
    for (const argv of [
      ["pause", "--reason", text],
      ["resume", "--reason", text, "--yes"],
      ["abort", run, "--reason", text, "--yes"],
      ["undo", "abcdef", "--until", "2h", "--reason", text, "--yes"],
      [...exempt, "--reason", text],
      [...exempt, "--reason", "x", "--owner", text],
      ["exempt", "add", "--run", text, "--until", "2h", "--reason", "x"],
      ["exempt", "end", "--run", run, "--reason", text],
      ["policy", "push", "policy.yaml", "--reason", text],
      ["policy", "rollback", "--reason", text],
    ]) {
      const { code, out, err } = await cli(watched, argv);
      expect({ argv, code, out }).toEqual({ argv, code: 2, out: "" });
      expect(err).toMatch(
        /^--(reason|owner|run): got ".*" with U\+[0-9A-F]{4,} at character 3, wanted one line/,
      );
      expect(actingIn(err)).toEqual([]);
    }
    expect((await watched.ports.state.readControl()).version).toBe(before);
    expect(watched.aborts()).toEqual([]);
  });

  it.runIf(text.isWellFormed())("does nothing in a message about a policy file", async () => {
    const watched = await watch(worldOf(), {});
    const folder = await tempFolder();
    const quoted = JSON.stringify(text);
    const documents = [
      // A line's end is an alias's, too.
      ...(/\s/.test(text) ? [] : [`version: 1\nrules: *${text}`]),
      `version: 1\n${text}: {`,
      JSON.stringify({ ...fiveUsd(), [text]: 1 }),
      JSON.stringify({ ...fiveUsd(), mode: text }),
      JSON.stringify({ ...fiveUsd(), owner: text }),
      JSON.stringify({ ...fiveUsd(), rules: [{ id: text }] }),
      `{"version":1,${quoted}:1,${quoted}:2}`,
    ];
    for (const [at, document] of documents.entries()) {
      const file = join(folder, `${at}.yaml`);
      await writeFile(file, document);
      for (const argv of [
        ["policy", "validate", file],
        ["policy", "push", file, "--json"],
      ]) {
        const { code, out, err } = await cli(watched, argv);
        expect({ document, code, acting: actingIn(out + err) }).toEqual({ document, code: 1, acting: [] });
      }
    }
  });

  it("does nothing in a message about a wrong command line", async () => {
    const watched = await watch(worldOf(), {});
    for (const argv of [
      [text],
      ["audit", text],
      ["audit", "list", `--${text}`],
      ["audit", "list", "--kind", text],
    ]) {
      const { code, err } = await cli(watched, argv);
      expect({ argv, code, acting: actingIn(err) }).toEqual({ argv, code: 2, acting: [] });
      expect(err).toContain("<<\\");
    }
  });
});

describe("what an operator gives", () => {
  it.each([
    [["pause", "--reason", "x".repeat(501)], "--reason: got 501 characters, wanted 500 at most."],
    [["resume", "--reason", "é".repeat(501)], "--reason: got 501 characters, wanted 500 at most."],
    [
      [
        "exempt",
        "add",
        "--rule",
        "no-run-over-5-usd",
        "--until",
        "2h",
        "--reason",
        "x",
        "--owner",
        "y".repeat(201),
      ],
      "--owner: got 201 characters, wanted 200 at most.",
    ],
  ])("has a bound", async (argv, says) => {
    const watched = await watch(worldOf(), { policy: fiveUsd() });
    const { code, err } = await cli(watched, argv);
    expect({ code, err: err.trim() }).toEqual({ code: 2, err: says });
  });

  it("may fill its bound, in any script and with emoji", async () => {
    const watched = await watch(worldOf(), { policy: fiveUsd() });
    const reason = `${"ж".repeat(490)}日本 ❤️ ñ`;
    const { code, out } = await cli(watched, ["pause", "--reason", reason, "--yes", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out).reason).toBe(reason);
  });
});
