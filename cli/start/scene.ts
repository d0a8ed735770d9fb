import { createEmulator, runningClock } from "../../emulator/index.ts";
import { APIFY_API_URL } from "../../functions/contract.ts";
import { PRETEND_FOLDER, REAL_FOLDER } from "../target/folder.ts";
import { PRETEND_TOKEN } from "../target/local-ports.ts";
import { isVisited } from "../target/sitting.ts";

/** What is watched: the account, how fast its time goes by, and how a policy is meant there. */
export type Scene = {
  readonly folder: string;
  readonly apifyApiUrl: string;
  readonly apifyToken: string;
  readonly mode: "observe" | "enforce";
  readonly fresh: boolean;
  readonly intro: string;
  /** How far the account's clock is ahead of the machine's, in ms; shared with the function's thread. */
  readonly ahead: SharedArrayBuffer;
  /** Lets time go by: on the pretend account at once, on the real one as it does. */
  pass(ms: number, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
};

const newAhead = () => new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);

/** How long the pretend account stands still between two leaps of its time. */
const PAUSE_MS = 60;
/** In its first minutes a run comes to its limit: on a terminal slowly enough to watch, and to read what happens. */
const SLOW_PAUSE_MS = 1_000;
const SLOW_FOR_MS = 7 * 60_000;
/** When that run is just over the limit, for those who look once. */
const OVER_LIMIT_AFTER_MS = 6 * 60_000 + 22_000;
/** While somebody else is at its tables, its day goes by at ten times the pace of ours: no reading grows old at once. */
const VISITED_LEAP_MS = 2_000;
const VISITED_PAUSE_MS = 200;

const EIGHT_HOURS_MS = 8 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/**
 * A pretend Apify account on this machine, its day beginning at eight in the morning. `once`: a few minutes later, when
 * there is something to stop. `isSeen`: on a terminal.
 */
export async function pretendScene(
  pause: (ms: number, signal?: AbortSignal) => Promise<void>,
  { once, isSeen }: { readonly once: boolean; readonly isSeen: boolean },
): Promise<Scene> {
  const startAt = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS + EIGHT_HOURS_MS);
  const clock = runningClock({ startAt });
  const emulator = createEmulator({ world: "busy-day", clock });
  const server = await emulator.listen();
  if (once) clock.advance(OVER_LIMIT_AFTER_MS);
  const slowUntil = startAt.getTime() + SLOW_FOR_MS;
  const ahead = newAhead();
  const offset = new Float64Array(ahead);
  const follow = (): void => {
    offset[0] = clock.now() - Date.now();
  };
  follow();
  return {
    folder: PRETEND_FOLDER,
    apifyApiUrl: server.url,
    apifyToken: PRETEND_TOKEN,
    mode: "enforce",
    fresh: true,
    intro: "No APIFY_TOKEN is set: a pretend Apify account, a busy day at high speed.",
    ahead,
    async pass(ms, signal) {
      for (let left = ms; left > 0 && !signal?.aborted; ) {
        const visited = isVisited(PRETEND_FOLDER);
        const leap = visited ? Math.min(left, VISITED_LEAP_MS) : left;
        left -= leap;
        const moved = isSeen && clock.now() < slowUntil ? SLOW_PAUSE_MS : PAUSE_MS;
        const paused = visited ? VISITED_PAUSE_MS : moved;
        // The clock runs on while it pauses: what is waited for is not looked at a second too late.
        clock.advance(Math.max(0, leap - paused));
        follow();
        await pause(paused, signal);
      }
    },
    close: () => server.close(),
  };
}

/** The account that the token belongs to. Observed only: no call but reads can be sent, whatever policy is pushed. */
export function realScene(
  env: Readonly<Record<string, string | undefined>>,
  pause: (ms: number, signal?: AbortSignal) => Promise<void>,
): Scene {
  const apifyApiUrl = env.APIFY_API_URL || APIFY_API_URL;
  return {
    folder: REAL_FOLDER,
    apifyApiUrl,
    apifyToken: env.APIFY_TOKEN ?? "",
    mode: "observe",
    fresh: false,
    intro: `Watching your Apify account at ${apifyApiUrl}, read-only: nothing can be stopped from here, whatever the policy says.`,
    ahead: newAhead(),
    pass: pause,
    close: async () => undefined,
  };
}
