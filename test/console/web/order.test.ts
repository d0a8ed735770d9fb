import { describe, expect, it } from "vitest";
import { filteredRows, orderedRows, waitingRows } from "../../../console/web/panels/runs/order.ts";
import { run } from "./given.ts";

const idsOf = (rows: ReturnType<typeof orderedRows>): string =>
  rows.map(({ run: { runId }, isGone }) => (isGone ? `(${runId})` : runId)).join(" ");

const runsOf = (ids: string) => ids.split(" ").map((id) => run(id));

describe("the rows of live runs", () => {
  it("come as the server orders them, the nearest to a limit first", () => {
    expect(idsOf(orderedRows(runsOf("c a b"), orderedRows(runsOf("a b"), [], false), false))).toBe("c a b");
  });

  it("keep their places while a person is among them, with new ones last and ended ones marked", () => {
    const before = orderedRows(runsOf("a b c"), [], false);
    const after = runsOf("d c a");
    const rows = orderedRows(after, before, true);
    expect(idsOf(rows)).toBe("a (b) c d");
    expect(waitingRows(rows, after)).toBeGreaterThan(0);
    expect(idsOf(orderedRows(after, rows, false))).toBe("d c a");
  });

  it("show the latest figures although they keep their places", () => {
    const before = orderedRows([run("a", { usageTotalUsd: 1 }), run("b")], [], false);
    const [first] = orderedRows([run("b"), run("a", { usageTotalUsd: 4 })], before, true);
    expect(first?.run.usageTotalUsd).toBe(4);
  });

  it("take back one that is seen again", () => {
    const gone = orderedRows(runsOf("a"), orderedRows(runsOf("a b"), [], false), true);
    expect(idsOf(orderedRows(runsOf("b a"), gone, true))).toBe("a b");
  });

  it("are found by parts of the Actor's name or the run's id, in any case and order", () => {
    const rows = orderedRows(
      [run("wiNB24gMhj", { actor: "acme/Shop-EU" }), run("H7gLdX5Bkq", { actor: "acme/video" })],
      [],
      false,
    );
    const found = (filter: string) => idsOf(filteredRows(rows, filter));
    expect([found("shop"), found("EU acme"), found("h7GL"), found("  "), found("none")]).toEqual([
      "wiNB24gMhj",
      "wiNB24gMhj",
      "H7gLdX5Bkq",
      "wiNB24gMhj H7gLdX5Bkq",
      "",
    ]);
  });
});
