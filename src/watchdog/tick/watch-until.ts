import { afterLooks, type Beat } from "./heartbeat.ts";
import { type Tick, WITHOUT_TOKEN } from "./phases.ts";
import type { InControl } from "./take-control.ts";
import { watch } from "./watch.ts";
import { writeLive } from "./write-live.ts";

/** Returns how often it looked, and whether the tick is complete after that as far as its heartbeat can tell. */
export async function watchUntil(
  tick: Tick,
  control: InControl | undefined,
  beat: Beat | undefined,
  until: Date | undefined,
): Promise<{ readonly watched: number; readonly isComplete: boolean }> {
  const { pass, phases } = tick;
  const isComplete = beat?.heartbeat.complete === true;
  if (control?.inForce === undefined || beat === undefined || until === undefined || phases.areOver)
    return { watched: 0, isComplete };
  const watched = await watch(pass, phases, until);
  if (watched === 0) return { watched, isComplete };
  const { base, ...last } = beat;
  const heartbeat = await afterLooks(tick, last.heartbeat, control.state);
  const write = () => writeLive(pass, base, { ...last, heartbeat });
  await phases.run("writing down what was looked at in time", write, WITHOUT_TOKEN);
  return { watched, isComplete: heartbeat.complete };
}
