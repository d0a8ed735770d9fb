import { watchOn } from "../../src/watchdog/tick/watch-on.ts";
import type { LocalWatchdog } from "./compose.ts";
import type { Scene } from "./scene.ts";
import { tickOptions } from "./tick-runner.ts";

/**
 * Between two ticks: waits for what is about to reach a step, and looks just then, as the function on AWS does by itself. On
 * the pretend account the waiting is over at once.
 */
export async function lookInTime(
  { ports }: LocalWatchdog,
  scene: Scene,
  watchUntil: Date,
  signal: AbortSignal,
): Promise<void> {
  const clock = { ...ports.clock, sleep: (ms: number, until?: AbortSignal) => scene.pass(ms, until) };
  const options = tickOptions({ clock }, scene.mode === "observe");
  await watchOn({ ...ports, clock }, { ...options, signal, watchUntil });
}
