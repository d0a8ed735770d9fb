import { describe, expect, it } from "vitest";
import { absentApify } from "../../../cli/target/local-ports.ts";
import { instead } from "../../support/instead.ts";
import { costRule, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";
import { cli, widthOf } from "../support.ts";

const add = (...more: string[]) => ["exempt", "add", "--until", "6h", "--reason", "a crawl", ...more];

async function account() {
  const task = { ...HEALTHY, task: "shop-eu" };
  const watched = await watch(worldOf(OVER_5_USD, HEALTHY, task), { policy: fiveUsd({ mode: "observe" }) });
  await watched.ticks(1);
  return watched;
}
const exemptions = async (watched: Awaited<ReturnType<typeof account>>) =>
  (await watched.ports.state.readControl()).exemptions;

describe("watchdog exempt add", () => {
  it("grants by the name of an Actor, looked up at Apify, and says what is covered", async () => {
    const watched = await account();
    const actorId = watched.emulator.truth.runs()[0]?.actorId;
    const { code, out, err } = await cli(watched, add("--actor", "acme/shop"));
    expect(out).toMatch(
      /^Exempt: actor acme\/shop \(\w+\), until .* UTC \(in 6h\), for ann@laptop\.\n3 live runs are covered/,
    );
    expect([code, err]).toEqual([0, ""]);
    expect(await exemptions(watched)).toMatchObject([
      {
        subject: { kind: "actor", id: actorId },
        owner: "ann@laptop",
        reason: "a crawl",
        grantedAt: expect.any(Date),
      },
    ]);
  });

  it("grants by the name of a task, by ids, and by a rule, with owner and ceiling", async () => {
    const watched = await account();
    const [run = ""] = watched.runIds();
    const json = async (...more: string[]) =>
      JSON.parse((await cli(watched, [...add(...more), "--json"])).out);
    expect(await json("--task", "acme/shop-eu")).toMatchObject({
      name: "acme/shop-eu",
      covered: [expect.any(String)],
    });
    expect(await json("--run", run, "--ceiling", "20", "--owner", "bob")).toMatchObject({
      subject: { kind: "run", id: run },
      covered: [run],
      ceilingUsd: 20,
      owner: "bob",
      by: "ann@laptop",
    });
    expect((await json("--rule", "no-run-over-5-usd", "--ceiling", "6", "--yes")).covered).toHaveLength(2);
    expect(await exemptions(watched)).toHaveLength(3);
  });

  it("raises one limit for one Actor until friday, without asking, and ends that alone", async () => {
    const watched = await account();
    const raise = ["--rule", "no-run-over-5-usd", "--actor", "acme/shop"];
    const argv = ["exempt", "add", ...raise, "--ceiling", "40", "--until", "friday", "--reason", "sale"];
    const { code, out, err } = await cli(watched, argv);
    expect(out).toMatch(
      /^Exempt: actor acme\/shop \(\w+\) \(rule no-run-over-5-usd alone\), until .* or until a run has cost \$40\.00, for ann@laptop\.\n3 live runs are covered/,
    );
    expect([code, err]).toEqual([0, ""]);
    expect((await cli(watched, add("--actor", "acme/shop"))).out).not.toContain("It replaces");
    const { out: list } = await cli(watched, ["exempt", "list"]);
    expect(list).toContain("(rule no-run-over-5-usd alone)");
    const story = (await cli(watched, ["audit", "show", "control"])).out;
    expect(story).toMatch(/EXEMPTED +actor \w+ \(rule no-run-over-5-usd alone\): sale until .* or \$40\.00/);
    expect(await cli(watched, ["audit", "verify"])).toMatchObject({ code: 0 });
    const end = ["exempt", "end", ...raise, "--reason", "over"];
    expect([(await cli(watched, end)).code, (await cli(watched, end)).code]).toEqual([0, 1]);
    const [left, ...more] = await exemptions(watched);
    expect([left?.subject, more]).toEqual([{ kind: "actor", id: expect.any(String) }, []]);
  });

  it("says what it replaces", async () => {
    const watched = await account();
    const [run = ""] = watched.runIds();
    await cli(watched, add("--run", run, "--ceiling", "20", "--owner", "bob"));
    const { out } = await cli(watched, add("--run", run));
    expect(out).toMatch(/It replaces the one until .* UTC or \$20\.00 \(bob: a crawl\)\./);
    expect(await exemptions(watched)).toHaveLength(1);
  });

  it.each([
    [[], "Exempt what? Nothing was named: give one of --run, --actor, --task and --rule"],
    [["--run", "a", "--actor", "b"], "--run and --actor were given: give one of"],
    [["--actor", "acme/shop", "--rule", "no-run-over-5-used"], "Did you mean no-run-over-5-usd?"],
    [
      ["--actor", "acme/shop", "--rule", "no-run-over-5-usd", "--ceiling", "5"],
      "--ceiling: the rule no-run-over-5-usd stops at $5.00, so $5.00 raises nothing.",
    ],
    [["--rule", "no-run-over-5-used"], 'has no rule "no-run-over-5-used". Did you mean no-run-over-5-usd?'],
    [["--actor", "acme/shoop"], 'Apify knows no Actor "acme/shoop"'],
    [["--actor", "nosuchactor000000"], "By its name: --actor username/name"],
    [["--run", "x", "--ceiling", "0"], '--ceiling: got "0", wanted an amount in USD above 0'],
    [["--run", "x", "--ceiling", "lots"], '--ceiling: got "lots", wanted an amount in USD above 0'],
    [["--run", "x", "--until", "91d"], "it may be 90d at most"],
    [["--run", "x", "--until", "2020-01-01"], "is not in the future"],
  ])("answers %j with what is wrong, and 2", async (options, says) => {
    const watched = await account();
    const argv = options.includes("--until")
      ? ["exempt", "add", "--reason", "x", ...options]
      : add(...options);
    const { code, err } = await cli(watched, argv);
    expect(err).toContain(says);
    expect(code).toBe(2);
    expect(await exemptions(watched)).toEqual([]);
  });

  it("says which Actor was probably meant, of those whose runs are live", async () => {
    const watched = await account();
    const names = new Map(
      watched.emulator.truth
        .runs()
        .map(({ actorId }) => [actorId, { name: "acme/shop", readAt: new Date(0) }]),
    );
    await watched.ports.state.writeNames("actor", names);
    expect((await cli(watched, add("--actor", "acme/shoop"))).err).toContain("Did you mean acme/shop?");
  });

  it("refuses a run that does not exist, and a ceiling that it has reached", async () => {
    const watched = await account();
    const none = await cli(watched, add("--run", "nosuchrun00000000"));
    expect(none).toMatchObject({
      code: 1,
      err: expect.stringContaining("Apify has no run nosuchrun00000000"),
    });
    const reached = await cli(watched, add("--run", watched.runIds()[0] ?? "", "--ceiling", "7"));
    expect(reached).toMatchObject({ code: 2, err: expect.stringContaining("is reached already") });
    expect(await exemptions(watched)).toEqual([]);
  });

  it("needs an id where Apify can't be asked, and says so", async () => {
    const watched = await account();
    const offline = { hasApify: false, ports: { ...watched.ports, apify: absentApify("no token") } };
    expect(() => offline.ports.apify.now()).toThrow("no token");
    expect(offline.ports.apify.clockChecks()).toBe(0);
    const named = await cli(watched, add("--actor", "acme/shop"), { connection: offline });
    expect(named).toMatchObject({
      code: 2,
      err: expect.stringContaining("give the Actor's id, or set APIFY_TOKEN"),
    });
    const byId = await cli(watched, add("--run", watched.runIds()[0] ?? ""), { connection: offline });
    expect(byId).toMatchObject({ code: 0, err: "" });
    const unseen = await cli(watched, add("--run", "nosuchrun00000000"), { connection: offline });
    expect(unseen).toMatchObject({ code: 0, err: expect.stringContaining("no tick has seen it") });
  });

  it("takes the id of an Actor that the token may not read, and asks for it instead of a name", async () => {
    const watched = await account();
    const apify = instead(watched.ports.apify, { actor: async () => ({ kind: "forbidden" }) });
    const connection = { ports: { ...watched.ports, apify } };
    const actorId = watched.emulator.truth.runs()[0]?.actorId ?? "";
    expect(await cli(watched, add("--actor", actorId), { connection })).toMatchObject({ code: 0, err: "" });
    const named = await cli(watched, add("--actor", "acme/shop"), { connection });
    expect(named).toMatchObject({
      code: 2,
      err: expect.stringContaining("The token may not read the Actor"),
    });
  });
});

describe("watchdog exempt list", () => {
  it("leaves out the exemption of a rule that is gone, and says so", async () => {
    const watched = await account();
    await cli(watched, add("--rule", "no-run-over-5-usd", "--yes"));
    await watched.push(fiveUsd({ rules: [costRule(9)] }));
    const { out } = await cli(watched, ["exempt", "list"]);
    expect(out).toBe(
      "Nothing is exempt.\nLeft out, for the policy in force has no such rule: no-run-over-5-usd.\n",
    );
    const [gone] = JSON.parse((await cli(watched, ["exempt", "list", "--json"])).out);
    expect(gone).toMatchObject({ ruleGone: true });
  });
});

describe("watchdog exempt list and end", () => {
  it("shows with --dry-run what would end, and ends nothing", async () => {
    const watched = await account();
    const [run = ""] = watched.runIds();
    await cli(watched, add("--run", run));
    const end = ["exempt", "end", "--run", run, "--reason", "done", "--dry-run", "--json"];
    const { code, out } = await cli(watched, end);
    expect(code).toBe(0);
    expect(JSON.parse(out).plan).toEqual([
      expect.stringMatching(/^The exemption of run \w+ until .* UTC ends now \(ann@laptop: a crawl\)\.$/),
      "It covers 1 live run: without it the next tick stops what breaches.",
    ]);
    expect(await exemptions(watched)).toHaveLength(1);
  });

  it("lists what is exempt, the first to end leading, and ends it by the same options", async () => {
    const watched = await account();
    expect((await cli(watched, ["exempt", "list"])).out).toBe("Nothing is exempt.\n");
    const [run = ""] = watched.runIds();
    await cli(watched, add("--actor", "acme/shop"));
    await cli(watched, [
      "exempt",
      "add",
      "--run",
      run,
      "--until",
      "5m",
      "--reason",
      "x",
      "--ceiling",
      "12.5",
    ]);
    const { out } = await cli(watched, ["exempt", "list"]);
    expect(out.split("\n")[1]).toMatch(new RegExp(`^run ${run} .* in 5m +\\$12\\.50 +ann@laptop +x$`));
    expect(out).toMatch(/actor acme\/shop \(\w+\)/);
    watched.advance(5 * MINUTE);
    const [first] = JSON.parse((await cli(watched, ["exempt", "list", "--json"])).out);
    expect(first).toMatchObject({ over: true, ceilingUsd: 12.5, malformed: false });

    const ended = await cli(watched, ["exempt", "end", "--actor", "acme/shop", "--reason", "done"]);
    expect(ended).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Ended by ann@laptop: actor acme\/shop/),
    });
    const again = await cli(watched, ["exempt", "end", "--actor", "acme/shop", "--reason", "done"]);
    expect(again).toMatchObject({
      code: 1,
      err: expect.stringContaining("npm run watchdog -- exempt list --local"),
    });
  });

  it("shows one that can't be read in red, with its problem, and ends it", async () => {
    const watched = await account();
    const malformed = [
      { kind: "malformed", subject: { kind: "rule", id: "x" }, problem: "until is no date" },
    ] as const;
    const state = instead(watched.ports.state, {
      readControl: async () => ({ ...(await watched.ports.state.readControl()), exemptions: malformed }),
    });
    const connection = { ports: { ...watched.ports, state } };
    const { out } = await cli(watched, ["exempt", "list"], { columns: 160, connection });
    expect(out).toContain("\u001b[1m\u001b[31mCAN'T BE READ, so it protects without end: until is no date");
    const end = await cli(watched, ["exempt", "end", "--rule", "x", "--reason", "y"], { connection });
    expect(end).toMatchObject({ code: 0 });
  });

  it.each([80, 200])("fits %d columns", async (columns) => {
    const watched = await account();
    await cli(watched, add("--actor", "acme/shop"));
    const { out } = await cli(watched, ["exempt", "list"], { columns });
    expect(Math.max(...out.split("\n").map(widthOf))).toBeLessThanOrEqual(columns);
  });
});

describe("watchdog pause", () => {
  it("says which pause it replaces, and runs shows until when", async () => {
    const watched = await account();
    await cli(watched, ["pause", "--reason", "an incident", "--until", "2h"]);
    const { out } = await cli(watched, ["pause", "--reason", "a longer one", "--until", "4h"]);
    expect(out).toMatch(/It replaces the pause by ann@laptop: an incident \(until .* UTC\)\./);
    expect((await cli(watched, ["runs"])).out).toMatch(
      /Paused by ann@laptop, until .* UTC \(in 4h\): a longer one/,
    );
    watched.advance(4 * HOUR);
    expect((await cli(watched, ["runs"])).out).not.toContain("Paused");
    const [, , second] = JSON.parse((await cli(watched, ["audit", "show", "control", "--json"])).out);
    expect(second.change.replaces).toMatchObject({ reason: "an incident" });
  });
});
