import { createPlatform } from "./account/platform.ts";
import { steppedClock, type VirtualClock } from "./ground/clock.ts";
import { several } from "./ground/during.ts";
import { FaultPlan, type Faults } from "./http/fault-plan.ts";
import { listen } from "./http/listen.ts";
import type { EmulatorRequest, EmulatorResponse } from "./http/message.ts";
import { serve } from "./http/serve.ts";
import { checkedTokens } from "./http/token.ts";
import type { Call } from "./truth/call.ts";
import { truthOf, type WholeTruth } from "./truth/truth.ts";
import type { ScheduleEdit } from "./world/schedule.ts";
import type { RunScript } from "./world/script.ts";
import type { World } from "./world/world.ts";
import { namedWorld, type WorldName } from "./worlds/index.ts";

/** A pretend Apify. */
export interface Emulator {
  readonly clock: VirtualClock;
  /** Serves one request, synchronously and in process; the caller applies `delayMs`. */
  handle(request: EmulatorRequest): EmulatorResponse;
  /** Serves the same over HTTP on 127.0.0.1. Port 0, the default, takes any free one. Rejects if the port is taken. */
  listen(port?: number): Promise<{ readonly url: string; readonly port: number; close(): Promise<void> }>;
  readonly faults: Faults;
  readonly truth: WholeTruth;
  /** Changes the world's schedule of this name, as somebody in Apify's Console does. Throws when there is none. */
  editSchedule(name: string, change: ScheduleEdit): void;
  /** Adds a run that starts now, or `startsAfterMs` from now, and returns its id. */
  startRun(script: RunScript): string;
}

/** Where a world without a clock begins: a fixed morning, so that nothing depends on the day of the test. */
const DEFAULT_START = new Date("2026-09-01T08:00:00.000Z");

/** Makes a pretend Apify of a named world or one of your own. The same seed and clock readings give the same answers. */
export function createEmulator(options: {
  world: WorldName | World;
  seed?: number;
  clock?: VirtualClock;
}): Emulator {
  const seed = options.seed ?? 1;
  const clock = options.clock ?? steppedClock(DEFAULT_START);
  const world = typeof options.world === "string" ? namedWorld(options.world, seed) : options.world;
  const platform = createPlatform(world, clock, seed);
  const faults = new FaultPlan();
  for (const { fromMs = 0, untilMs = Infinity, times = Infinity, ...planned } of world.faults ?? []) {
    const { startedAtMs } = platform;
    faults.add({ ...planned, times, fromMs: startedAtMs + fromMs, untilMs: startedAtMs + untilMs });
  }
  const calls: Call[] = [];
  const service = {
    platform,
    tokens: checkedTokens(world, platform),
    dates: several(world.date),
    faults,
    calls,
  };
  const emulator: Emulator = {
    clock,
    faults,
    truth: truthOf(platform, calls),
    editSchedule: (name, change) => platform.editSchedule(name, change),
    startRun: (script) => platform.start(script).id,
    handle: (request) => serve(service, request),
    listen: (port = 0) => listen(emulator.handle, port),
  };
  return emulator;
}
