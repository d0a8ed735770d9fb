import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../../support/temp-folder.ts";
import { watch } from "../../../support/watch.ts";
import { worldOf } from "../../../support/world.ts";
import { cli, widthOf } from "../../support.ts";

const ALL = `version: 1
mode: enforce
timeZone: Europe/Prague
owner: shop-team
rules:
  - id: by-day
    for:
      actors: ["acme/shop-*", moJRLRc85AitArpNN]
      origins: [SCHEDULER, API]
      builds: [latest]
      memory: [">=4GB", 512MB]
      pricingModels: [PAY_PER_EVENT]
      except: { actors: ["acme/shop-slow"], tasks: [acme/x] }
    schedule: { days: [mon-fri, sun], hours: ["08:00-18:00"] }
    limit: { idleTime: 20m }
    steps: [{ at: 100%, do: abort, schedule: { hours: ["09:00-12:00"], timeZone: UTC } }]
  - id: usual
    mode: observe
    limit: { timesTypical: { usd: 3, samples: 2 } }
    steps: [{ at: 50%, do: notify }, { at: 100%, do: abort }]
  - id: usual-time
    owner: ops@example.com
    limit: { timesTypical: { runTime: 2.5 } }
    steps: [{ at: 100%, do: notify }]
  - { id: forever, limit: { noTimeout: true }, steps: [{ at: 100%, do: abort-now }] }
  - { id: cost, limit: { usageTotalUsd: 5 }, steps: [{ at: 100%, do: notify, basis: estimate }] }
  - { id: burn, limit: { usdPerHour: 12 }, steps: [{ at: 100%, do: abort }] }
  - { id: serps, limit: { usage.PROXY_SERPS: 500 }, steps: [{ at: 100%, do: abort }] }
  - { id: proxy, limit: { usageUsd.PROXY_SERPS: 1.5 }, steps: [{ at: 100%, do: abort }] }
  - { id: pages, limit: { events.page: 1000 }, steps: [{ at: 100%, do: abort }] }
`;

async function validate(text: string, columns?: number, ...more: string[]) {
  const folder = await tempFolder();
  const file = join(folder, "p.yaml");
  await writeFile(file, text);
  const watched = await watch(worldOf());
  const ran = await cli(watched, ["policy", "validate", file, ...more], columns ? { columns } : {});
  return { ...ran, lines: ran.out.replaceAll(file, "p.yaml").trimEnd().split("\n") };
}

// Colours would only hide the words.
const bare = (lines: readonly string[]): string => stripVTControlCharacters(lines.join("\n"));

describe("watchdog policy validate", () => {
  it("shows all of a rule, one in a line where there is room", async () => {
    const { code, lines } = await validate(ALL);
    expect(code).toBe(0);
    const flat = lines.map((line) => line.replace(/ {2,}/g, " | "));
    expect(flat.slice(0, 12)).toEqual([
      "valid | p.yaml, enforce mode",
      "RULE | MODE | LIMIT | STEPS | FOR | WHEN | OWNER",
      "by-day | enforce | idleTime 20m (CPU below 5%, traffic below 1.0 MB a minute) | 100% abort (only 09:00-12:00 UTC) | acme/shop-* or moJRLRc85AitArpNN, origin SCHEDULER or API, build latest, memory >=4 GB or 512 MB, pricing PAY_PER_EVENT; but not acme/shop-slow, nor task acme/x | only mon-fri, sun 08:00-18:00 Europe/Prague | shop-team",
      "usual | observe | timesTypical.usd 3× (of 2 successful runs or more, floor $0.50) | 50% notify, 100% abort | every run but Standby's | always | shop-team",
      "usual-time | enforce | timesTypical.runTime 2.5× (of 10 successful runs or more, floor 10m) | 100% notify | every run but Standby's | always | ops@example.com",
      "forever | enforce | noTimeout | 100% abort-now | every run but Standby's | always | shop-team",
      "cost | enforce | usageTotalUsd $5.00 | 100% notify (estimate) | every run but Standby's | always | shop-team",
      "burn | enforce | usdPerHour $12.00/h | 100% abort | every run but Standby's | always | shop-team",
      "serps | enforce | usage.PROXY_SERPS 500 | 100% abort | every run but Standby's | always | shop-team",
      "proxy | enforce | usageUsd.PROXY_SERPS $1.50 | 100% abort | every run but Standby's | always | shop-team",
      "pages | enforce | events.page 1000 | 100% abort | every run but Standby's | always | shop-team",
      "note | outside mon-fri, sun 08:00-18:00 Europe/Prague, by-day limits nothing",
    ]);
  });

  it("shows budgets beside limits, with what their steps rest on", async () => {
    const text = `version: 1
timeZone: Europe/Prague
rules:
  - id: shops
    for: { actors: [acme/shop], except: { origins: [WEB] } }
    budget: { usd: 300, per: month, each: actor }
    steps: [{ at: 100%, do: notify, basis: projected }, { at: 100%, do: abort }]
  - { id: tasks, budget: { usd: 2.5, per: hour, each: task }, steps: [{ at: 120%, do: abort }] }
  - { id: cost, limit: { usageTotalUsd: 5 }, steps: [{ at: 100%, do: abort }] }
`;
    const { code, lines } = await validate(text);
    expect(code).toBe(0);
    const flat = lines.map((line) => line.replace(/ {2,}/g, " | "));
    expect(flat).toEqual([
      "valid | p.yaml, observe mode",
      "RULE | LIMIT | STEPS | FOR",
      "shops | $300 a month for each Actor (Europe/Prague) | 100% notify (projected), 100% abort | acme/shop; but not origin WEB",
      "tasks | $2.50 an hour for each task | 120% abort | every run; Standby's count and are not stopped",
      "cost | usageTotalUsd $5.00 | 100% abort | every run but Standby's",
      "warning | rules[1].budget.each: runs without a task are in no budget of a task; name the tasks in for.tasks, or give the others a budget of their own",
    ]);
  });

  it("cuts nothing on a narrow terminal: a rule under the other", async () => {
    const { lines } = await validate(ALL, 80);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
    expect(bare(lines)).not.toContain("…");
    expect(bare(lines)).toContain(
      [
        "by-day",
        "  mode   enforce",
        "  limit  idleTime 20m (CPU below 5%, traffic below 1.0 MB a minute)",
        "  steps  100% abort (only 09:00-12:00 UTC)",
        "  for    acme/shop-* or moJRLRc85AitArpNN, origin SCHEDULER or API, build",
        "           latest, memory >=4 GB or 512 MB, pricing PAY_PER_EVENT; but not",
        "           acme/shop-slow, nor task acme/x",
        "  when   only mon-fri, sun 08:00-18:00 Europe/Prague",
        "  owner  shop-team",
      ].join("\n"),
    );
  });

  it("fits 200 columns", async () => {
    const { lines } = await validate(ALL, 200);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(200);
    expect(bare(lines)).not.toContain("…");
  });

  it("warns of a likely slip, and takes the policy all the same", async () => {
    const { code, lines } = await validate(ALL);
    const WARNING =
      "rules[1].limit.timesTypical.samples: 2 is few to say what is usual, for a rule that stops; 5 or more are safer";
    expect(lines.at(-1)).toBe(`warning  ${WARNING}`);
    expect(code).toBe(0);
    const { code: again, out } = await validate(ALL, undefined, "--json");
    const [path, warning] = WARNING.split(": ");
    expect(JSON.parse(out)).toEqual({
      valid: true,
      problems: [],
      warnings: [
        {
          path: "rules[1].limit.timesTypical",
          warning: expect.stringContaining("ends healthy runs as well"),
        },
        { path, warning },
      ],
      notes: ["outside mon-fri, sun 08:00-18:00 Europe/Prague, by-day limits nothing"],
    });
    expect(again).toBe(0);
  });

  it("leaves out what no rule has", async () => {
    const { lines } = await validate(
      "version: 1\nrules: [{ id: a, limit: { runTime: 6h }, steps: [{ at: 100%, do: abort }] }]",
      80,
    );
    expect(bare(lines)).toBe(
      "valid  p.yaml, observe mode\nRULE  LIMIT       STEPS       FOR\na     runTime 6h  100% abort  every run but Standby's",
    );
  });
});

describe("watchdog policy schema", () => {
  it("prints the JSON Schema, with --json and without", async () => {
    const watched = await watch(worldOf());
    const { code, out } = await cli(watched, ["policy", "schema"]);
    expect(JSON.parse(out)).toMatchObject({ $id: "policy.schema.json", type: "object" });
    expect(code).toBe(0);
    expect((await cli(watched, ["policy", "schema", "--json"])).out).toBe(out);
  });
});
