import type { VNode } from "preact";
import { describe, expect, it } from "vitest";
import { exemptView } from "../../../console/web/panels/exempt.ts";
import { at, failed, known, NOW, OPEN, textOf } from "./given.ts";

const exemption = (given: object = {}) => ({
  subject: { kind: "actor", id: "v9OuJUZPJtjHQDm1O" },
  malformed: false,
  name: "acme/shop",
  until: at(3 * 86_400),
  over: false,
  ceilingUsd: 40,
  owner: "ada",
  reason: "sale",
  ...given,
});

const shown = (part: ReturnType<typeof known>, canAct = true): string => {
  const view = exemptView({ part, line: OPEN, now: NOW }, canAct);
  return view === undefined ? "" : textOf(view as VNode);
};

describe("what is exempt", () => {
  it("says of whom, until when, up to what, why and for whom, and can be ended", () => {
    const text = shown(known([exemption()]));
    expect(text).toMatch(
      /actor acme\/shop End until .* UTC, in 3d.*, or until a run has cost \$40\.00: sale \(ada\)/,
    );
  });

  it("has no button where the console only shows", () => {
    expect(shown(known([exemption()]), false)).not.toContain("End");
  });

  it("leaves out what is over, and takes no place where nothing is exempt", () => {
    expect(shown(known([exemption({ over: true }), exemption({ ruleGone: true })]))).toBe("");
  });

  it("shows one that can't be read, which protects without an end", () => {
    const text = shown(known([exemption({ malformed: true, until: undefined, problem: "no time" })]));
    expect(text).toContain("It can't be read, so it protects without an end: no time");
  });

  it("says that it is not known, and what was known before", () => {
    const text = shown(failed([exemption()]));
    expect(text).toMatch(/Can't be read: the table is not to be read .*acme\/shop/);
  });
});
