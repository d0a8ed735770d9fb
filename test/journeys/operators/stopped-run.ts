import type { Ports } from "../../../src/watchdog/model/ports.ts";
import type { UndoWish } from "../../../src/watchdog/overrule/undo-wish.ts";
import { orderUndo } from "../../../src/watchdog/tick/outside.ts";
import { fiveUsd } from "../../support/policies.ts";
import { controlEntries } from "../../support/recorded.ts";
import { type Watched, watch, within } from "../../support/watch.ts";
import { HOUR, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

/** Who undoes, and why. */
export const ANN = { by: "arn:aws:iam::1:user/ann", reason: "it was meant to be large" };
/** 7 USD in its first hour, and 7 USD in each hour after that, in later lives too. */
export const BURNING = { ...OVER_5_USD, cost: 7 };

/** A run over its limit that was stopped, and the entry of its stop. */
export async function stopped(script = BURNING, on: "memory" | "engine" = "memory", policy = fiveUsd()) {
  const watched = await watch(worldOf(script), { policy, on });
  await watched.ticks(3);
  const [runId = ""] = watched.runIds();
  const [intent] = await watched.entries(runId);
  return { watched, runId, entryId: intent?.entryId ?? "" };
}

/** The undo of a stop by Ann, exempt for six hours if she does not wish otherwise. */
export const undoing = (
  { run, ports, emulator }: Watched,
  entryId: string,
  wish: Partial<UndoWish> = {},
  as: Ports = ports,
) =>
  run(
    orderUndo(
      as,
      { ...ANN, entryId, until: new Date(emulator.clock.now() + 6 * HOUR), ...wish },
      within({ emulator }, 2 * MINUTE),
    ),
  );

/** What became of exemptions, in order. */
export const exemptionKinds = async (watched: Watched) =>
  (await controlEntries(watched)).map(({ kind }) => kind).filter((kind) => kind.startsWith("exemption"));
export const resurrects = ({ emulator }: Watched) =>
  emulator.truth.calls.filter(({ kind }) => kind === "resurrect");
/** In USD, as Apify tells it now. */
export const costOf = ({ emulator }: Watched, runId: string) =>
  emulator.truth.reportedUsdAt(runId, emulator.clock.now()) ?? 0;
