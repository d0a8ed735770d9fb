import { createEmulator, runningClock } from "../emulator/index.ts";
import { APIFY_API_URL } from "../functions/contract.ts";

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

/** What is remembered of a real account, from one start to the next. */
export const REAL_FOLDER = ".watchdog/account";

const newAhead = () => new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);

const EIGHT_HOURS_MS = 8 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** A pretend Apify account on this machine, its day beginning at eight in the morning. */
export async function pretendScene(
  pause: (ms: number, signal?: AbortSignal) => Promise<void>,
): Promise<Scene> {
  const startAt = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS + EIGHT_HOURS_MS);
  const clock = runningClock({ startAt });
  const emulator = createEmulator({ world: "busy-day", clock });
  const server = await emulator.listen();
  const ahead = newAhead();
  const offset = new Float64Array(ahead);
  const follow = (): void => {
    offset[0] = clock.now() - Date.now();
  };
  follow();
  return {
    folder: ".watchdog/pretend",
    apifyApiUrl: server.url,
    apifyToken: "a-pretend-token",
    mode: "enforce",
    fresh: true,
    intro:
      "No APIFY_TOKEN is set: this is a pretend Apify account on your machine, a busy day at high speed.",
    ahead,
    async pass(ms, signal) {
      clock.advance(ms);
      follow();
      await pause(60, signal);
    },
    close: () => server.close(),
  };
}

/** The account that the token belongs to. Observed only: no call but reads is ever sent. */
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
    intro: `Watching your Apify account at ${apifyApiUrl} in observe mode: nothing is stopped, whatever the policy says.`,
    ahead: newAhead(),
    pass: pause,
    close: async () => undefined,
  };
}
