import { describe, expect, it } from "vitest";
import { HandMade, POLICY, secs } from "../hand-made.ts";
import { endsWithinMs } from "./in-time.ts";

const evidence = {
  metric: "usageTotalUsd",
  measured: 6,
  limit: 5,
  unit: "USD",
  observedAt: new Date(secs(600)).toISOString(),
  source: "detail",
  basis: "actual",
};

/** A condemned run for which force was promised, and which lives on. */
const promised = () =>
  new HandMade()
    .push(-1_000, POLICY)
    .becomes([{ startedAtMs: secs(-600), readyUntilMs: secs(-599), abortingAtMs: secs(601) }])
    .shown(600, "RUNNING", 6)
    .intend(600.5, { evidence })
    .abort(601)
    .about(602, "abort.requested", { evidence })
    .about(700, "abort.forced", { evidence: { ...evidence, observedAt: new Date(secs(699)).toISOString() } });

const LIVES_ON = "Apify has not taken any call without grace";

describe("the oracle on how long a condemned run may live in the calm", () => {
  it("wants Apify to have taken a call without grace, however that was promised", () => {
    expect(promised().brokenAtEnd(1_200).join()).toContain(LIVES_ON);
    const refused = promised().shown(701, "ABORTING", 6).abort(702, { gracefully: false, isTaken: false });
    expect(refused.brokenAtEnd(1_200).join()).toContain(LIVES_ON);
    const taken = promised().shown(701, "ABORTING", 6).abort(702, { gracefully: false });
    expect(taken.brokenAtEnd(1_200).join()).not.toContain(LIVES_ON);
  });

  it("gives it the time that it takes, and none of it counts while all is paused", () => {
    expect(promised().brokenAtEnd(800).join()).not.toContain(LIVES_ON);
    expect(promised().control(1_100, "control.paused", {}).brokenAtEnd(1_800).join()).not.toContain(LIVES_ON);
  });

  it("gives a look to each run that perTick has wait, and the time of grace", () => {
    const within = (perTick: number, waiting: number) =>
      endsWithinMs({ guards: { maxAborts: { perTick } }, rules: [] }, waiting) / 1_000;
    expect(within(2, 5) - within(2, 1)).toBe(2 * 60);
    expect(within(10, 5)).toBe(within(10, 1));
  });
});

describe("the oracle on looks in the calm", () => {
  const calm = (isComplete: boolean) => {
    const history = new HandMade().push(-1, POLICY);
    for (const minute of [1, 2, 3, 4])
      history.tick(`t${minute}`, 60 * minute, 60 * minute + 5, { isComplete, attention: [] });
    return history.brokenAtEnd(400).join();
  };

  it("wants the last one to be complete again", () => {
    expect(calm(false)).toContain("it still says it was not complete");
    expect(calm(true)).not.toContain("still says");
  });
});
