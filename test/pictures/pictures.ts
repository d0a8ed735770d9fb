import { createEmulator, runningClock } from "../../emulator/index.ts";
import { play } from "./play.ts";
import type { Screen } from "./screen.ts";

const SIZE = { columns: 90, rows: 26 };
const HOUR_MS = 3_600_000;

export type Picture = {
  readonly file: string;
  readonly title: string;
  take(cwd: string): Promise<Screen>;
};

/** The pictures in docs/pictures/, and how each is taken. */
export const PICTURES: readonly Picture[] = [
  {
    file: "live-view.svg",
    title: "npm start: a run comes to its limit of 5 USD and is stopped",
    take: (cwd) => play({ ...SIZE, cwd, until: ({ text }) => /STOPPED(.|\n)*NEAREST LIMIT/.test(text) }),
  },
  {
    file: "own-account.svg",
    title: "npm start with APIFY_TOKEN: watching, read-only",
    async take(cwd) {
      const clock = runningClock({ startAt: new Date(Date.now() - HOUR_MS) });
      const emulator = createEmulator({ world: "busy-day", clock });
      clock.advance(HOUR_MS);
      const server = await emulator.listen();
      try {
        const env = { APIFY_TOKEN: "a-token", APIFY_API_URL: server.url };
        return await play({
          ...SIZE,
          cwd,
          env,
          until: ({ text }) => /would have saved \$(?!0\.00)/.test(text),
        });
      } finally {
        await server.close();
      }
    },
  },
];
