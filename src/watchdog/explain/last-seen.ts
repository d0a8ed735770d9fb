import { isEnded, isLive, type Policy } from "../../policy/index.ts";
import { entriesIn } from "../audit/entry-in.ts";
import type { Control } from "../model/control.ts";
import { runChain } from "../model/entry.ts";
import type { Heartbeat, Live, LiveRun } from "../model/live.ts";
import type { Known } from "../model/pass.ts";
import type { ReadPorts } from "../model/ports.ts";
import { storedKnown } from "../observe/known.ts";
import type { OfActor } from "../observe/names.ts";
import { asEnded, endedSince } from "./ended-since.ts";

/** Runs whose stop was confirmed, or which turned out to have ended, after the last tick had looked at them: by id, as they ended. */
async function endedRuns(
  ports: Pick<ReadPorts, "audit">,
  control: Control,
  runs: ReadonlyMap<string, LiveRun>,
): Promise<ReadonlyMap<string, LiveRun>> {
  const open = new Set(control.openIntents.map(({ runId }) => runId));
  const ended = new Map<string, LiveRun>();
  for (const { runId, life } of control.recentIntents) {
    const live = runs.get(runId);
    if (live === undefined || open.has(runId) || live.life.number !== life) continue;
    const entries = entriesIn(await ports.audit.readChain(runChain(runId)));
    const closing = endedSince(entries, live);
    if (closing) ended.set(runId, asEnded(live, closing));
  }
  return ended;
}

type LastSeen = {
  readonly control: Control;
  readonly index: Live;
  readonly heartbeat?: Heartbeat;
  /** The live runs as the last tick left them, less those known to have ended since. */
  readonly live: readonly LiveRun[];
  /** Those known to have ended since: no tick has recorded their end yet. */
  readonly ended: readonly LiveRun[];
  /** What the tables know of the runs' Actors and tasks, as far as a policy asks for it. */
  readonly known: (policy: Policy | undefined) => Promise<(run: OfActor) => Known>;
};

/** What the tables know of live runs. Asks nobody but the tables. */
export async function lastSeenRuns(ports: Pick<ReadPorts, "state" | "audit">): Promise<LastSeen> {
  const control = await ports.state.readControl();
  const index = await ports.state.readLive();
  const { runs, heartbeat } = index;
  const ended = await endedRuns(ports, control, runs);
  const live = [...runs.values()].filter(({ run }) => isLive(run.status) && !ended.has(run.id));
  const known: LastSeen["known"] = (policy) =>
    storedKnown(
      ports.state,
      policy,
      live.map(({ run }) => run),
    );
  const over = [...ended.values()].filter(({ run }) => isEnded(run.status));
  return { control, index, ...(heartbeat && { heartbeat }), live, ended: over, known };
}
