import { describe, expect, it } from "vitest";
import { type Known, needsOf } from "../../../console/web/panels/needs/needs.ts";
import { needsView, speaker } from "../../../console/web/panels/needs/panel.ts";
import { at, failed, known, LOST, NOW, OPEN, run, runs, slow, status, textOf } from "./given.ts";

const saysOf = (given: Known): readonly string[] => needsOf(given, NOW).map(({ says }) => says);

const exemption = (given: object) => ({
  ...{ subject: { kind: "actor", id: "v9" }, name: "acme/shop", malformed: false, until: at(7200) },
  ...{ reason: "sale", owner: "maria" },
  ...given,
});

describe("what needs a person", () => {
  it("is nothing where all is well", () => {
    expect(saysOf({ status: status(), runs: runs([run("a")]), exemptions: [] })).toEqual([]);
  });

  it("is each attention, as the tick wrote it", () => {
    expect(saysOf({ status: status({ attention: ["clock: it is off", "loop:x again"] }) })).toEqual([
      "clock: it is off",
      "loop:x again",
    ]);
  });

  it("is a watchdog that sleeps, has no policy, fell back, or saw only a part", () => {
    const says = saysOf({
      status: status({
        ...{
          alive: false,
          policyVersion: null,
          lastTickComplete: false,
          skipped: { "Apify answered 401": 1 },
        },
        fellBack: { version: 4, problem: "its document is corrupt" },
      }),
    }).join("\n");
    for (const part of ["not awake", "No policy was pushed", "version 4 can't be used", "Apify answered 401"])
      expect(says).toContain(part);
  });

  it("is a stop that is held, what that burns and why, once", () => {
    const held = ["pause", "pause", "perHour"].map((guard, nth) => run(`r${nth}`, { held: guard }));
    const attention = ["held: 3 stops stay held (pause), which lets through 9 USD an hour"];
    expect(
      saysOf({ status: status({ attention, blockedStops: { runs: 3, usdPerHour: 9 } }), runs: runs(held) }),
    ).toEqual([
      "3 runs over a limit are not stopped, burning $9.00 an hour: the watchdog is paused (2); as many runs as maxAborts.perHour allows were stopped in the last hour (1)",
    ]);
  });

  it("is a stop that Apify does not carry out, however long ago that was", () => {
    const stuck = { ...run("r1"), stopping: true, unconfirmedAt: at(-3 * 86_400) };
    expect(saysOf({ runs: runs([stuck, run("r2", { stopping: true })]) })).toEqual([
      "Run r1 of acme/shop goes on although Apify was asked to end it: unconfirmed 3d ago",
    ]);
  });

  it("is an exemption that ends within a day, or can't be read, and none that is over or far", () => {
    const says = saysOf({
      exemptions: [
        exemption({}),
        exemption({ subject: null, malformed: true, until: undefined }),
        exemption({ until: at(90_000) }),
        exemption({ over: true }),
        exemption({ ruleGone: true }),
      ],
    });
    expect(says).toHaveLength(2);
    expect(says[0]).toContain("protects without an end");
    expect(says[1]).toBe("actor acme/shop is exempt only until 14:00 UTC, in 2h: sale (maria)");
  });

  it("names a blind rule once, whether or not an attention does", () => {
    const blind = [{ ruleId: "traffic", why: "no figure", runs: 2 }];
    expect(saysOf({ status: status({ blind }) })).toEqual(["Rule traffic is blind for 2 runs: no figure"]);
    const attention = ["blind:traffic rule traffic can't judge 2 runs: no figure"];
    expect(saysOf({ status: status({ blind, attention }) })).toEqual(attention);
  });
});

describe("the panel of what needs a person", () => {
  const parts = {
    status: known(status()),
    runs: known(runs([])),
    exemptions: known([]),
  };

  it("reassures only where everything has answered", () => {
    expect(textOf(needsView(parts, OPEN, NOW, speaker()))).toContain("Nothing needs you");
    for (const lack of [undefined, failed(), slow([])]) {
      const text = textOf(needsView({ ...parts, exemptions: lack }, OPEN, NOW, speaker()));
      expect(text).not.toContain("Nothing needs you");
      expect(text).toContain("no fresh answer on exemptions");
    }
    const lost = textOf(needsView(parts, LOST, NOW, speaker()));
    expect(lost).not.toContain("Nothing needs you");
    expect(lost).toContain("since then is not known");
  });

  it("reads out how many there are and the worst", () => {
    const part = known(status({ attention: ["clock: it is off"] }));
    expect(textOf(needsView({ ...parts, status: part }, OPEN, NOW, speaker()))).toContain(
      "1 thing needs you. clock: it is off",
    );
  });

  it("reads them out again only when they are others, not when their figures change", () => {
    const speak = speaker();
    const need = (id: string, says: string) => [{ id, says, tone: "bad" } as const];
    expect(speak(need("loop:x", "burning $1"))).toBe("1 thing needs you. burning $1");
    expect(speak(need("loop:x", "burning $2"))).toBe("1 thing needs you. burning $1");
    expect(speak(need("clock:", "it is off"))).toBe("1 thing needs you. it is off");
    expect(speak([])).toBe("");
  });
});
