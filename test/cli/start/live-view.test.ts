import { describe, expect, it } from "vitest";
import { painter, widthOf, written } from "../../../cli/show/terminal.ts";
import { liveFrame } from "../../../cli/start/live-frame.ts";
import { LiveView } from "../../../cli/start/live-view.ts";
import type { Entry } from "../../../src/watchdog/model/entry.ts";
import { Screen } from "../../pictures/screen.ts";
import { actingIn, HOSTILE } from "../../support/hostile.ts";
import { widthOf as widthShown } from "../support.ts";
import { moment } from "./moment.ts";

const paint = painter({ colour: true });
const ESC = "\u001b";

const entry = {
  kind: "abort.intended",
  at: "2026-09-01T08:00:00.000Z",
  runId: "iOIRSSnkEYKwhMeAJ",
  ruleId: "no-run-over-5-usd",
  evidence: { metric: "usageTotalUsd", measured: 7, limit: 5, unit: "USD" },
} as unknown as Entry;

/** A terminal that shows, and keeps, what was written. */
function screen(columns: number, rows = 24) {
  const shown = new Screen(columns, rows);
  let written = "";
  return {
    columns,
    rows,
    shown,
    write: (text: string) => {
      written += text;
      shown.write(text);
      // However the process ends after this write: the cursor is there, and nothing is held back.
      expect(shown.isAtRest).toBe(true);
    },
    written: () => written,
  };
}

describe("LiveView", () => {
  it.each(HOSTILE)("shows a text that would %s, and keeps its picture", async (_what, text) => {
    const at = screen(120);
    const view = new LiveView(at, paint);
    const now = { ...(await moment(2)), nameOf: () => text };
    for (const { live } of now.runs) (live.run as { status: string }).status = text;
    view.say(text);
    view.entry({ ...entry, runId: text, ruleId: text, by: text }, text);
    view.moment(now);
    // The cursor, synchronized output, going up and wiping: those are the view's own.
    const own = new RegExp(`${ESC}\\[(\\?(25|2026)[hl]|\\d+A|[JK])|\r`, "g");
    const told = at.written().replace(own, "");
    expect(actingIn(told, { colours: true })).toEqual([]);
    expect(told).toContain("<<\\");
    for (const line of liveFrame(now, { ...at, paint }))
      expect(widthShown(written(line))).toBe(widthOf(line));
  });

  it("keeps what happened, and draws the rest again below it", async () => {
    const at = screen(80);
    const view = new LiveView(at, paint);
    const now = await moment(3);
    view.say("It begins.");
    view.moment(now);
    view.entry(entry, "acme/shop");
    view.say("this tick failed");
    view.moment({ ...now, runs: now.runs.slice(1) });
    const lines = at.shown.text.split("\n");
    expect(lines[0]).toBe("It begins.");
    for (const word of ["STOPPING", "this tick failed", "NEAREST LIMIT", "Ctrl-C"])
      expect(lines.filter((line) => line.includes(word))).toHaveLength(1);
    expect(lines.filter((line) => line.includes("acme/a-name"))).toHaveLength(2);
  });

  it("fits again at once when the terminal has another size", async () => {
    const at = screen(80);
    const view = new LiveView(at, paint);
    view.redraw();
    expect(at.written()).toBe("");
    view.moment(await moment(2));
    at.columns = 40;
    view.redraw();
    expect(at.shown.text).toMatch(/TIME$/m);
    expect(at.shown.text).not.toContain("NEAREST LIMIT");
    view.end();
    const before = at.written();
    view.redraw();
    expect(at.written()).toBe(before);
  });

  it("wipes what a terminal that was made narrower has broken into more lines", async () => {
    const at = { ...screen(120), columns: 120 };
    const view = new LiveView(at, paint);
    const now = await moment(2);
    view.moment(now);
    const broken = liveFrame(now, { ...at, paint }).reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / 60)),
      0,
    );
    at.columns = 60;
    view.moment(now);
    expect(at.written()).toContain(`\u001b[${broken}A`);
  });

  it("shows each change in one write, by synchronized output, and gives the cursor back in it", async () => {
    const at = screen(80);
    const view = new LiveView(at, paint);
    view.moment(await moment(1));
    expect(at.written().startsWith(`${ESC}[?2026h${ESC}[?25l`)).toBe(true);
    expect(at.written().endsWith(`${ESC}[?25h${ESC}[?2026l`)).toBe(true);
  });

  it("wipes at the end what moved, and leaves what happened", async () => {
    const at = screen(80);
    const view = new LiveView(at, paint);
    view.moment(await moment(1));
    view.entry(entry, "acme/shop");
    view.end();
    expect(at.shown.text).toMatch(/^08:00 {2}STOPPING .*\n.*cost \$7\.00 of \$5\.00 \(no-run-over-5-usd\)$/);
  });

  it("breaks a long entry after the run, so that the reason is not cut", async () => {
    const at = screen(60);
    const view = new LiveView(at, (_format, text) => text);
    view.entry(entry, "acme/shop-products");
    view.end();
    expect(at.shown.text).toContain("iOIRSSnkEYKwhMeAJ\n                   cost $7.00 of $5.00");
  });
});
