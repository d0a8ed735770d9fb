import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { describe, expect, it } from "vitest";
import type { Part } from "../../../console/api.ts";
import { budgetsView } from "../../../console/web/panels/budgets.ts";
import { aboutView, headerView } from "../../../console/web/panels/header.ts";
import { needsView, speaker } from "../../../console/web/panels/needs/panel.ts";
import { orderedRows } from "../../../console/web/panels/runs/order.ts";
import { MOST_ROWS, runsView } from "../../../console/web/panels/runs/view.ts";
import { burningTile, nextTile, savedTile, tilesView } from "../../../console/web/panels/tiles.ts";
import { timelineView } from "../../../console/web/panels/timeline.ts";
import { type Line, parts } from "../../../console/web/state.ts";
import { heldIn, type Run, type Runs, type Status } from "../../../console/web/told.ts";
import { actingIn, HOSTILE } from "../../support/hostile.ts";
import {
  at,
  budget,
  entry,
  failed,
  known,
  LOST,
  NOW,
  OPEN,
  run,
  runs,
  share,
  slow,
  status,
  textOf,
} from "./given.ts";

const nothing = (): void => {};
const list = { nameOf: (id: string) => id, isAll: false, onAll: nothing };
const seen = (part: Part | undefined, line: Line = OPEN) => ({ part, line, now: NOW });

type Given = {
  readonly line?: Line;
  readonly filter?: string;
  readonly isAll?: boolean;
  readonly canAct?: boolean;
};

const runsPanel = (part: Part | undefined, given: Given = {}, of?: Status): VNode => {
  const { line = OPEN, filter = "", isAll = false, canAct = false } = given;
  const rows = orderedRows(heldIn<Runs>(part)?.value.runs ?? [], [], false);
  const look = { rows, isHeld: false, isAll, filter, canAct, onAll: nothing, onFilter: nothing };
  return runsView(seen(part, line), look, of);
};

const saved = (from: number, to: number) => ({
  saved: {
    enforced: { stops: [{ runId: "r", savedUsd: { from, to } }], savedUsd: { from, to } },
    observed: { stops: [], savedUsd: { from: 0, to: 0 } },
  },
  ...{ actors: [], totalUsd: 1, runsOfUnknownCost: 0, from: at(-100), until: at(0) },
});

const PANELS: readonly (readonly [string, unknown, string, (part: Part | undefined, line: Line) => VNode])[] =
  [
    ["live runs", runs([run("wiNB24gMhj")]), "wiNB24gMhj", (part, line) => runsPanel(part, { line })],
    [
      "budgets",
      status({ budgets: { groups: [budget()], unknown: [] } }),
      "$20.00 of $50.00",
      (part, line) => budgetsView(seen(part, line), list),
    ],
    [
      "decisions",
      [entry("abort.confirmed", { word: "STOPPED", says: "ABORTED at $5.02" })],
      "ABORTED at $5.02",
      (part, line) => timelineView(seen(part, line), list),
    ],
    [
      "burning",
      runs([run("a")]),
      "$1.00 in 1 live run",
      (part, line) => tilesView([burningTile(part, line, NOW)]),
    ],
    [
      "next",
      runs([run("a")]),
      "No step in sight",
      (part, line) => tilesView([nextTile(part, undefined, { line, now: NOW, nameOf: String })]),
    ],
    ["saved", saved(1, 2), "$1.00 to $2.00", (part, line) => tilesView([savedTile(part, line)])],
  ];

describe.each(PANELS)("the panel of %s", (_name, value, shows, view) => {
  it("shows what is known", () => {
    const text = textOf(view(known(value), OPEN));
    expect(text).toContain(shows);
    expect(text).not.toMatch(/as of 1\d:/i);
  });

  it("says that it reads, and shows no figure, until it has an answer", () => {
    const text = textOf(view(undefined, OPEN));
    expect(text).toContain("Reading");
    expect(text).not.toMatch(/\$|%/);
  });

  it("says in its place that it can't be read or is slow, and keeps what was known, marked with its time", () => {
    for (const [part, says] of [
      [failed(value), /can't be read|As of/i],
      [slow(value), /Slow|As of/],
    ] as const) {
      const text = textOf(view(part, OPEN));
      expect(text).toMatch(says);
      expect(text).toContain(shows);
      // Figures of runs are as of the tick that saw them.
      expect(text).toMatch(/as of 11:5(8:00|9:40) UTC/i);
    }
  });

  it("shows no figure where it failed before it was ever known", () => {
    const text = textOf(view(failed(), OPEN));
    expect(text).toMatch(/can't be read|not to be read/i);
    expect(text).not.toMatch(/\$|%|No /);
  });

  it("marks what it shows as old once the server is not heard", () => {
    expect(textOf(view(known(value), LOST))).toMatch(/as of 1[12]:\d\d:\d\d UTC/i);
    expect(textOf(view(undefined, LOST))).toContain("is not heard");
  });
});

describe("what burns", () => {
  const burnt = (...usd: readonly (number | null)[]): string =>
    textOf(
      tilesView([
        burningTile(known(runs(usd.map((each, nth) => run(`r${nth}`, { usageTotalUsd: each })))), OPEN, NOW),
      ]),
    );

  it("takes no cost that is not known for 0", () => {
    expect(burnt(1, 2)).toContain("$3.00 in 2 live runs");
    expect(burnt(1, null)).toContain("At least $1.00 in 2 live runs");
    expect(burnt(null, null)).toContain("Unknown cost in 2 live runs");
  });
});

describe("the decisions of a day", () => {
  const decisions = (many: number): string => {
    const all = Array.from({ length: many }, (_, nth) => entry("step.notified", { entryId: `e${nth}` }));
    return textOf(
      timelineView(
        { part: known(all), line: OPEN, now: NOW },
        { nameOf: String, isAll: true, onAll: () => undefined },
      ),
    );
  };

  it("say that there may be more where they are as many as are asked for", () => {
    expect(decisions(199)).not.toContain("The latest");
    expect(decisions(200)).toContain("The latest 200. All: watchdog audit list --since 24h --limit 0");
  });
});

describe("the live runs", () => {
  it("tells no run from none that is known of", () => {
    const text = (given: Partial<Runs>, of?: Status) => textOf(runsPanel(known(runs([], given)), {}, of));
    expect(text({})).toContain("No run is live.");
    expect(text({ asOf: null, completeAt: null })).toContain("No tick has looked yet");
    expect(text({ completeAt: null })).toContain("No tick has seen the whole account yet");
    const asleep = text({}, status({ alive: false }));
    expect(asleep).not.toContain("No run is live.");
    expect(asleep).toContain("What has started since then is not known");
  });

  it.each<readonly [string, Partial<Run>, string]>([
    ["is being stopped", { stopping: true }, "Being stopped"],
    ["is over and held", { held: "pause" }, "Over, not stopped the watchdog is paused"],
    ["is exempt", { exempt: true, shares: [share({ exempt: true })] }, "Exempt"],
    [
      "has no rule",
      { shares: [], noLimit: "Standby: no rule names it" },
      "No limit Standby: no rule names it",
    ],
    ["has an unknown cost", { usageTotalUsd: null }, "unknown"],
    [
      "has a held schedule",
      { scheduleHeld: { by: "rule daily", until: at(3600) } },
      "its schedule is held until 13:00 UTC",
    ],
    ["is only observed", { shares: [share({ mode: "observe" })] }, "only observed"],
  ])("say of one that it %s", (_what, given, says) => {
    expect(textOf(runsPanel(known(runs([run("a", given)]))))).toContain(says);
  });

  it("say when a run is stopped, and that it only would be where the watchdog is not guarding", () => {
    const nextStep = {
      at: 100,
      do: "abort",
      figure: 5,
      inSecs: 320,
      ruleId: "no-run-over-5-usd",
      mode: "enforce",
      unit: "USD",
    };
    const part = known(runs([run("a", { nextStep })]));
    expect(textOf(runsPanel(part))).toContain("Stopped in 5m at 100% ($5.00)");
    expect(textOf(runsPanel(part, {}, status({ guarding: "not guarding" })))).toContain(
      "Would be stopped in 5m",
    );
    const idle = nextTile(part, status({ guarding: "not guarding" }), {
      line: OPEN,
      now: NOW,
      nameOf: String,
    });
    expect(idle.value).toBe("No stop");
  });

  it("are the nearest few until all are asked for, and those that a filter finds", () => {
    const many = known(runs(Array.from({ length: 1000 }, (_, nth) => run(`run${nth}`))));
    const rowsOf = (given: Given) => renderToString(runsPanel(many, given)).split("<tr").length - 2;
    expect([rowsOf({}), rowsOf({ isAll: true }), rowsOf({ filter: "run999" })]).toEqual([MOST_ROWS, 1000, 1]);
    expect(textOf(runsPanel(many))).toContain("Show all 1000");
    expect(textOf(runsPanel(many, { filter: "none" }))).toContain("No live run matches");
  });

  it("can be acted on only where the page may act, and not while they are being stopped", () => {
    const part = known(runs([run("a"), run("b", { stopping: true })]));
    expect(renderToString(runsPanel(part))).not.toContain("<button");
    expect(renderToString(runsPanel(part, { canAct: true })).match(/>Stop</g)).toHaveLength(1);
  });

  it("are old as far as the tick that saw them, however fresh the answer is", () => {
    const tile = burningTile(known(runs([run("a")], { asOf: at(-3600) })), OPEN, NOW);
    expect(tile.tone).toBe("dim");
    expect(tile.note).toContain("As of 11:00:00 UTC");
  });

  it("that no rule limits are not said to be far from one", () => {
    const free = run("a", { shares: [], noLimit: "no policy was pushed" });
    expect(burningTile(known(runs([free])), OPEN, NOW)).toMatchObject({
      note: "No rule limits them.",
      tone: "warn",
    });
  });
});

describe("the budgets", () => {
  const view = (given: Partial<Status>) => textOf(budgetsView(seen(known(status(given))), list));

  it("say what of the window is over beside what is used, and when they are full", () => {
    const nextStep = { at: 80, do: "notify", figure: 40, inSecs: 3580 };
    const text = view({ budgets: { groups: [budget({ nextStep })], unknown: [] } });
    expect(text).toContain("40%");
    expect(text).toContain("Full in 1h 29m");
    expect(text).toContain("of its window over, ends in 12h; at this pace 80% used by then");
  });

  it("say which are not known, held, or count runs of unknown cost", () => {
    const groups = [budget({ guard: "unfilledWindow", runsOfUnknownCost: 2 })];
    const text = view({ budgets: { groups, unknown: [{ ruleId: "cycle", reason: "no cycle" }] } });
    expect(text).toContain("Stops nothing yet: the ledger does not go back");
    expect(text).toContain("What 2 runs cost is unknown");
    expect(text).toContain("cycle is not known, and stops nothing: no cycle");
  });

  it("tell a policy without budgets from no policy", () => {
    expect(view({})).toContain("has no budgets");
    expect(view({ policyVersion: null })).toContain("No policy was pushed");
  });
});

it.each(HOSTILE)("shows a name that would %s without letting it", (_what, text) => {
  const all = [
    runsPanel(known(runs([run(text, { actor: text, shares: [share({ ruleId: text })], noLimit: text })])), {
      canAct: true,
    }),
    headerView(
      known(status({ target: { kind: "stack", name: text, account: text } })),
      OPEN,
      { session: "", canAct: true },
      NOW,
    ),
    aboutView(known(status({ target: { kind: "stack", name: text, account: text } })), OPEN, NOW),
    needsView(
      {
        ...{ runs: undefined, exemptions: undefined, timeline: undefined },
        status: known(status({ attention: [text] })),
      },
      OPEN,
      NOW,
      speaker(),
    ),
    timelineView(seen(known([entry(text, { says: text, word: text, runId: text })])), list),
    budgetsView(
      seen(known(status({ budgets: { groups: [], unknown: [{ ruleId: text, reason: text }] } }))),
      list,
    ),
  ];
  for (const view of all) expect(actingIn(renderToString(view).replaceAll("&lt;", "<"))).toEqual([]);
});

it("knows every part that the server tells of", () => {
  expect(Object.keys(parts).toSorted()).toEqual(["exemptions", "report", "runs", "status", "timeline"]);
});
