import { describe, expect, it } from "vitest";
import type { World } from "../../../emulator/index.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, worldOf } from "../../support/world.ts";

const DAY = 24 * HOUR;
const RULE = { id: "nightly", limit: { usageTotalUsd: 5 }, steps: [{ at: "100%", do: "abort" }] };
const with_ = (selector: object) => fiveUsd({ rules: [{ ...RULE, for: selector }] });
/** The Actor that the rule names has no run when it goes, so that its name is not asked for. */
const changed = (...changes: NonNullable<World["changes"]>): World => ({ ...worldOf(HEALTHY), changes });
const NIGHTLY = with_({ actors: ["acme/nightly-archive"] });
const TOLD =
  /^blind:nightly\/selects-nothing rule nightly selects none of the account's Actors and tasks any more/;

describe("a rule that selects nothing any more", () => {
  it.each([
    ["deleted", { kind: "delete-actor", atMs: HOUR, actor: "acme/nightly-archive" }],
    ["renamed", { kind: "rename-actor", atMs: HOUR, actor: "acme/nightly-archive", to: "nightly" }],
  ] as const)(
    "is told within a day where what it names was %s, and until it is pushed anew",
    async (_what, change) => {
      const watched = await watch(changed(change), { policy: NIGHTLY });
      expect((await watched.tick()).attention).toEqual([]);
      watched.advance(DAY + MINUTE);
      expect((await watched.tick()).attention).toEqual([expect.stringMatching(TOLD)]);
      watched.advance(MINUTE);
      expect((await watched.tick(watched.process())).attention).toEqual([expect.stringMatching(TOLD)]);
      await watched.push(with_({ actors: ["acme/*"] }));
      watched.advance(MINUTE);
      expect((await watched.tick()).attention).toEqual([]);
    },
  );

  it("is not told of one that never selected anything, which its push has shown", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: with_({ actors: ["acme/none"] }) });
    expect((await watched.ticks(4)).flatMap(({ attention }) => attention)).toEqual([]);
  });

  it.each([
    ["a rule", with_({ actors: ["acme/shop"] })],
    [
      "a budget",
      fiveUsd({
        rules: [
          {
            id: "shop",
            for: { actors: ["acme/shop"] },
            budget: { usd: 900, per: "month" },
            steps: [{ at: "100%", do: "notify" }],
          },
        ],
      }),
    ],
  ])("is announced once, by its new name, of %s whose Actor has a run", async (_what, policy) => {
    const world = changed({ kind: "rename-actor", atMs: HOUR, actor: "acme/shop", to: "store" });
    const watched = await watch(world, { policy });
    await watched.tick();
    watched.advance(DAY + MINUTE);
    await watched.tick();
    watched.advance(MINUTE);
    expect((await watched.tick()).attention).toEqual([expect.stringMatching(/^rename:.*acme\/store/)]);
  });

  it("costs two requests a day, and none where rules name nothing", async () => {
    const lists = ({ emulator }: Awaited<ReturnType<typeof watch>>) =>
      emulator.truth.calls.filter(({ kind }) => kind === "actors" || kind === "tasks").length;
    const naming = await watch(worldOf(HEALTHY), { policy: NIGHTLY });
    await naming.ticks(10);
    expect(lists(naming)).toBe(2);
    const plain = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    await plain.ticks(10);
    expect(lists(plain)).toBe(0);
  });

  it("is not told where the lists can't be read", async () => {
    const world: World = {
      ...changed({ kind: "delete-actor", atMs: HOUR, actor: "acme/nightly-archive" }),
      faults: [
        {
          match: { kind: "actors" },
          fault: { kind: "refused", because: "permissions" },
          fromMs: HOUR,
          times: 99,
        },
      ],
    };
    const watched = await watch(world, { policy: NIGHTLY });
    await watched.tick();
    watched.advance(DAY + MINUTE);
    expect((await watched.tick()).attention).toEqual([]);
  });
});
