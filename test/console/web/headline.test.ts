import { describe, expect, it } from "vitest";
import { headlineOf, titleText } from "../../../console/web/headline.ts";
import { at, failed, known, LOST, NOW, OPEN, slow, status } from "./given.ts";

describe("the headline", () => {
  it("says that it guards, and by the second when the last complete tick was", () => {
    const later = new Date(at(40));
    expect(headlineOf(known(status()), OPEN, later)).toEqual({
      tone: "good",
      word: "guarding",
      says: "Runs that breach the policy are stopped.",
      tick: "last complete tick 1m 3s ago",
    });
  });

  it.each([
    ["no tick has been complete yet", { alive: false, lastCompleteAt: null }],
    ["no complete tick in time", { alive: false }],
    ["no policy was pushed", { policyVersion: null }],
  ])("says why it does not guard: %s", (why, given) => {
    const part = known(status({ guarding: "not guarding", ...given }));
    const { tone, says } = headlineOf(part, OPEN, NOW);
    expect([tone, says]).toEqual(["bad", `Nothing is stopped: ${why}.`]);
  });

  it("says who paused it, why and until when", () => {
    const paused = { by: "maria", reason: "moving accounts", since: at(-60), until: at(3600) };
    const { tone, says } = headlineOf(known(status({ guarding: "paused", paused })), OPEN, NOW);
    expect(tone).toBe("warn");
    expect(says).toBe("Nothing is stopped until 13:00:00 UTC, in 1h. Paused by maria: moving accounts.");
  });

  it("never calls it guarding once the server is not heard, the table can't be read or does not answer", () => {
    for (const headline of [
      headlineOf(known(status()), LOST, NOW),
      headlineOf(failed(status()), OPEN, NOW),
      headlineOf(slow(status()), OPEN, NOW),
    ]) {
      expect(headline.word).toMatch(/^Not/);
      expect(["bad", "warn"]).toContain(headline.tone);
      expect(headline.says).toMatch(/At 1\d:\d\d:\d\d UTC it was guarding\.$/);
      expect(headline.tick).toBeUndefined();
    }
  });

  it("says for how long the server has not been heard, and what to do once it refuses the page", () => {
    expect(headlineOf(undefined, LOST, NOW).says).toContain("not been heard for 42s");
    expect(headlineOf(undefined, { ...LOST, kind: "lost", refused: true, since: NOW }, NOW).says).toContain(
      "open the address that it prints",
    );
  });

  it("puts what needs a person first in the page's title", () => {
    expect(titleText(known(status()), OPEN, NOW, 2)).toBe("(2) Guarding: RunWatchdog – watchdog");
    expect(titleText(known(status()), LOST, NOW, 0)).toBe("Not connected: RunWatchdog – watchdog");
  });
});
