import { describe, expect, test } from "vitest";
import { createEmulator } from "../../../emulator/index.ts";
import { ask, emulatorOf, idOf, MINUTE } from "../support.ts";
import { detailOf, itemOf, refusalOf } from "./support.ts";

// Facts, section 5: "enums drift ahead of the spec; parse enums leniently"; section 6: the list can be filtered by
// statuses; section 4: an unknown one is a 400.

const LIVE = "status=READY,RUNNING,TIMING-OUT,ABORTING";
const RUN = { label: "run", cost: 60, usageLagMs: 0 } as const;
const STRANGE = { status: "MIGRATING", fromMs: MINUTE, untilMs: 3 * MINUTE } as const;

describe("a status that nobody knows", () => {
  test("is told by every answer for its time, while the run burns on", () => {
    const emulator = emulatorOf({ ...RUN, shownAs: STRANGE });
    const seen = [0, 1, 2, 3].map((minute) => {
      if (minute > 0) emulator.clock.advance(MINUTE);
      return [itemOf(emulator, "run").status, detailOf(emulator, "run").status];
    });
    expect(seen.map(([inList]) => inList)).toEqual(["RUNNING", "MIGRATING", "MIGRATING", "RUNNING"]);
    expect(seen.map(([, inDetail]) => inDetail)).toEqual(seen.map(([inList]) => inList));
    expect(detailOf(emulator, "run")).toMatchObject({ finishedAt: null, usageTotalUsd: 3 });
    expect(emulator.truth.runs()[0]?.lives).toHaveLength(1);
  });

  test("leaves the run out of lists of the known ones, and is one to ask for", () => {
    const emulator = emulatorOf({ ...RUN, shownAs: STRANGE });
    expect(itemOf(emulator, "run", LIVE).status).toBe("RUNNING");
    emulator.clock.advance(MINUTE);
    expect(itemOf(emulator, "run", LIVE)).toBeUndefined();
    expect(itemOf(emulator, "run", "status=MIGRATING").status).toBe("MIGRATING");
    expect(itemOf(emulator, "run").status).toBe("MIGRATING");
    emulator.clock.advance(2 * MINUTE);
    expect(itemOf(emulator, "run", LIVE).status).toBe("RUNNING");
  });

  test("is no status to ask for where there is no such run", () => {
    const told = ask(emulatorOf(RUN), "GET", "/v2/actor-runs?status=MIGRATING");
    expect(refusalOf(told)).toEqual([400, "invalid-request"]);
  });

  test("neither keeps an abort from working nor outlives the run", () => {
    const emulator = emulatorOf({ ...RUN, shownAs: { status: "MIGRATING" } });
    expect(ask(emulator, "POST", `/v2/actor-runs/${idOf(emulator)}/abort`).data.status).toBe("ABORTED");
    expect(emulator.truth.calls.at(-1)).toMatchObject({ effect: "aborted", statusBefore: "RUNNING" });
    expect(detailOf(emulator, "run").status).toBe("ABORTED");
  });
});

test("the world new-status has two live runs that no list of live runs has", () => {
  const emulator = createEmulator({ world: "new-status" });
  expect(itemOf(emulator, "migrating", LIVE).status).toBe("RUNNING");
  emulator.clock.advance(2 * MINUTE);
  for (const label of ["migrating", "always-migrating"]) {
    expect(itemOf(emulator, label, LIVE)).toBeUndefined();
    expect(detailOf(emulator, label).status).toBe("MIGRATING");
  }
  emulator.clock.advance(28 * MINUTE);
  expect(itemOf(emulator, "migrating", LIVE).status).toBe("RUNNING");
});
