import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../../support/temp-folder.ts";
import { watch } from "../../../support/watch.ts";
import { worldOf } from "../../../support/world.ts";
import { cli, type RunOptions, widthOf } from "../../support.ts";

const POLICY = `version: 1
mode: enforce
rules:
  - id: no-run-over-5-usd
    limit: { usageTotalUsd: 5 }
    steps: [{ at: 100%, do: abort }]
`;

const CASES = `policy: policy.yaml
cases:
  - name: dear
    run: { usageTotalUsd: 7 }
    expect: abort
  - name: cheap
    run: { usageTotalUsd: 1 }
    expect: nothing
`;

/** A folder with these files; the policy is there if nobody says otherwise. */
async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const path = await tempFolder();
  for (const [name, text] of Object.entries({ "policy.yaml": POLICY, ...files }))
    await writeFile(join(path, name), text);
  return path;
}

async function test(
  files: Readonly<Record<string, string>>,
  options: readonly string[] = [],
  how: RunOptions = {},
) {
  const path = await folder(files);
  const names = Object.keys(files).filter((name) => /test/.test(name));
  const watched = await watch(worldOf());
  const connection = { ports: undefined as never };
  const argv = ["policy", "test", ...names.map((name) => join(path, name)), ...options];
  const ran = await cli(watched, argv, { connection, ...how });
  return { ...ran, out: ran.out.replaceAll(`${path}/`, ""), err: ran.err.replaceAll(`${path}/`, ""), path };
}

describe("watchdog policy test", () => {
  it("ends with 1 and the place where what was spent is of no budget", async () => {
    const spent = CASES.replace("expect: abort", "expect: abort\n    spent: { no-run-over-5-usd: 3 }");
    const { code, err } = await test({ "a.test.yaml": spent });
    expect(err).toMatch(
      /a\.test\.yaml:\d+:\d+ {2}cases\[0\]\.spent\.no-run-over-5-usd: got "no-run-over-5-usd", a rule with a limit/,
    );
    expect(code).toBe(1);
  });

  it("ends with 0 when every case passes, a line for each and one for all", async () => {
    const { code, out, err } = await test({ "a.test.yaml": CASES });
    expect(out).toBe("ok    dear\nok    cheap\n2 cases: 2 passed, 0 failed.\n");
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  it("ends with 1 when a case fails: where it stands, what differs, why, and what each rule says", async () => {
    const { code, out } = await test({ "a.test.yaml": CASES.replace("expect: nothing", "expect: abort") });
    expect(out).toBe(
      [
        "ok    dear",
        "FAIL  cheap  a.test.yaml:6",
        "      - do: abort",
        "      + do: nothing",
        "      why: no step is reached, at $1.00; nearest is no-run-over-5-usd: stop at 100% ($5.00)",
        "        no-run-over-5-usd  cost $1.00 of $5.00; stop at 100% ($5.00)",
        "2 cases: 1 passed, 1 failed.",
        "",
      ].join("\n"),
    );
    expect(code).toBe(1);
  });

  it("names the run of several that is otherwise than expected", async () => {
    const { out } = await test({
      "a.test.yaml": `policy: policy.yaml
cases:
  - name: two
    runs: [{ id: dear, usageTotalUsd: 7 }, { id: cheap, usageTotalUsd: 1 }]
    expect: { dear: nothing, cheap: nothing }
`,
    });
    expect(out).toMatch(/FAIL {2}two .*\n {6}dear\n {6}- do: nothing\n {6}\+ do: abort\n/);
    expect(out).not.toMatch(/^ {6}cheap$/m);
  });

  it("tries several files, and each on the policy beside it or on the one that is given", async () => {
    const files = {
      "a.test.yaml": CASES,
      "b.test.yaml": CASES,
      "strict.yaml": POLICY.replace("5 }", "0.5 }"),
    };
    expect((await test(files)).out).toContain("4 cases: 4 passed, 0 failed.");
    const path = await folder(files);
    const { code, out } = await test(files, ["--policy", join(path, "strict.yaml")]);
    expect(out).toContain("4 cases: 2 passed, 2 failed.");
    expect(code).toBe(1);
  });

  it.each<[string, Readonly<Record<string, string>>, number, RegExp]>([
    [
      "a mistake in the cases",
      { "a.test.yaml": CASES.replace("usageTotalUsd: 7", "usageTotalUsdd: 7") },
      1,
      /a\.test\.yaml can't be used as cases:\n {2}a\.test\.yaml:4:28 {2}cases\[0\]\.run\.usageTotalUsdd: .*wanted "usageTotalUsd"/,
    ],
    [
      "a mistake in the policy",
      { "a.test.yaml": CASES, "policy.yaml": POLICY.replace("abort", "kill") },
      1,
      /policy\.yaml can't be used as a policy.*\n {2}policy\.yaml:6:29 {2}rules\[0\]\.steps\[0\]\.do: got "kill"/,
    ],
    [
      "no YAML",
      { "a.test.yaml": "cases: [" },
      1,
      /a\.test\.yaml is not readable as YAML:\n {2}a\.test\.yaml:1:/,
    ],
    [
      "no policy",
      { "a.test.yaml": CASES.replace("policy: policy.yaml\n", "") },
      2,
      /does not say which policy it is for: write policy: policy\.yaml/,
    ],
    [
      "a policy that is not there",
      { "a.test.yaml": CASES.replace("policy.yaml", "none.yaml") },
      2,
      /none\.yaml can't be read.*Is the path right/,
    ],
    [
      "a policy in the place of cases",
      { "a.test.yaml": POLICY },
      1,
      /can't be used as cases, for it is a policy: check that with policy validate/,
    ],
  ])(
    "says where there is %s, and ends as every command that reads a policy",
    async (_what, files, wanted, says) => {
      const { code, out, err } = await test(files);
      expect(err).toMatch(says);
      expect({ code, out }).toEqual({ code: wanted, out: "" });
      const json = JSON.parse((await test(files, ["--json"])).out);
      expect(json).toMatchObject(wanted === 1 ? { valid: false } : { error: { code: "policy" } });
    },
  );

  it("ends with 2 where a file is not there, and wants one at all", async () => {
    const watched = await watch(worldOf());
    const { code, err } = await cli(watched, ["policy", "test", "no-such.yaml"]);
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining("no-such.yaml can't be read"),
    });
    expect(await cli(watched, ["policy", "test"])).toMatchObject({
      code: 2,
      err: expect.stringContaining('"watchdog policy test" needs <files>.'),
    });
  });

  it("tells all of it to a program with --json", async () => {
    const { code, out, err } = await test(
      { "a.test.yaml": CASES.replace("expect: nothing", "expect: abort") },
      ["--json"],
    );
    expect({ code, err }).toEqual({ code: 1, err: "" });
    const told = JSON.parse(out);
    expect(told).toMatchObject({
      passed: 1,
      failed: 1,
      files: [{ file: "a.test.yaml", policy: "policy.yaml" }],
    });
    expect(told.files[0].cases[1]).toMatchObject({
      name: "cheap",
      passed: false,
      line: 6,
      runs: [{ runId: "run", got: { do: "nothing", called: false }, differences: [{ key: "do" }] }],
    });
  });

  it("draws marks and colours on a terminal, within its width", async () => {
    for (const columns of [80, 200]) {
      const { out } = await test({ "a.test.yaml": CASES.replace("expect: nothing", "expect: abort") }, [], {
        columns,
      });
      expect(out).toMatch(/✓.* {2}dear\n.*✗/);
      expect(out).toContain("\u001b");
      const inner = out.split("\n").filter((line) => line.startsWith("      "));
      expect(Math.max(...inner.map(widthOf))).toBeLessThanOrEqual(columns);
    }
  });
});
