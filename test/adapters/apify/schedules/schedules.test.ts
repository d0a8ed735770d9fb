import { describe, expect, it, onTestFinished } from "vitest";
import { createEmulator, steppedClock } from "../../../../emulator/index.ts";
import { systemClock } from "../../../../src/adapters/system.ts";
import { data, fixedToken, html, NOON, never, overHttp, refusal, type Step, scripted } from "../support.ts";

async function storm() {
  const emulator = createEmulator({ world: "storm", clock: steppedClock(NOON) });
  const { url, close } = await emulator.listen();
  onTestFinished(close);
  const clock = { ...systemClock, now: () => new Date(emulator.clock.now()) };
  return { emulator, apify: overHttp(url, { token: fixedToken("any-token"), clock }) };
}

describe("schedules", () => {
  it("are listed with what they start, disabled and enabled again, and nothing else of them moves", async () => {
    const { emulator, apify } = await storm();
    const [prices] = (await apify.listSchedules(never)) ?? [];
    if (prices === undefined) throw new Error("no schedule");
    expect(prices).toMatchObject({
      name: "prices-every-minute",
      isEnabled: true,
      starts: [{ kind: "task" }],
    });
    const before = await apify.readSchedule(prices.id, never);
    emulator.clock.advance(1_000);
    const disabled = await apify.disableSchedule(prices.id, never);
    const after = await apify.readSchedule(prices.id, never);
    expect(disabled).toMatchObject({ kind: "taken", schedule: { isEnabled: false } });
    if (before.kind !== "found" || after.kind !== "found") throw new Error("not found");
    expect(after.schedule).toMatchObject({ isEnabled: false, state: before.schedule.state });
    expect(after.schedule.modifiedAt > before.schedule.modifiedAt).toBe(true);
    emulator.clock.advance(1_000);
    expect(await apify.enableSchedule(prices.id, never)).toMatchObject({ schedule: { isEnabled: true } });
  });

  it("that are not there, or not for this token, are answers", async () => {
    const { apify } = await storm();
    expect(await apify.readSchedule("nobody00000000000", never)).toEqual({ kind: "gone" });
    const forbidden = scripted([refusal(403, "insufficient-permissions")]);
    expect(await forbidden.apify.listSchedules(never)).toBeUndefined();
    const one = scripted([refusal(403, "insufficient-permissions")]);
    expect(await one.apify.readSchedule("schedule1", never)).toEqual({ kind: "forbidden" });
  });
});

describe("a change of a schedule", () => {
  it.each<[string, Step, object]>([
    ["refused", refusal(403, "insufficient-permissions"), { kind: "refused", status: 403 }],
    ["gone", refusal(404, "record-not-found"), { kind: "refused", status: 404 }],
    ["throttled", refusal(429, "rate-limit-exceeded"), { kind: "refused", retryable: true }],
    ["lost in a proxy", html(502), { kind: "lost" }],
    ["lost on the way", "reset", { kind: "lost" }],
    ["answered with another one", data({ id: "another" }), { kind: "lost" }],
  ])("that is %s is an answer, and is sent once", async (_what, step, wanted) => {
    const { asked, requests } = scripted([step]);
    expect(await asked((apify) => apify.disableSchedule("schedule1", never))).toMatchObject(wanted);
    expect(requests.map(({ path, body }) => [path, body])).toEqual([
      ["/v2/schedules/schedule1", '{"isEnabled":false}'],
    ]);
  });
});
