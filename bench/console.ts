import { existsSync } from "node:fs";
import { chromium, type Page } from "playwright-core";
import type { Connection } from "../cli/command.ts";
import { askingOn } from "../cli/console/asking.ts";
import { openConsole } from "../cli/console/open-console.ts";
import { Args } from "../cli/options/args.ts";
import { runCli } from "../cli/run-cli.ts";
import { PARTS } from "../console/api.ts";
import { buildConsole } from "../console/build.ts";
import type { Asking } from "../console/server/asking.ts";
import { benchOn, MINUTE, quantile } from "./harness.ts";
import { table } from "./table.ts";
import { LIMITS, thousandRuns } from "./tick.ts";

/** What the console sends and how soon it is there, over a thousand live runs. Stores are in memory. */

const CHROMIUM = "/usr/bin/chromium";
const LOADS = 15;

/** The commands, on a thousand live runs that a tick has seen. */
async function askingOfThousand(): Promise<Asking> {
  const bench = await benchOn(thousandRuns(), { version: 1, mode: "enforce", rules: LIMITS });
  await bench.ticks({ forMs: 2 * MINUTE, everyMs: MINUTE, waitMs: 0 });
  const connection: Connection = {
    ports: bench.ports,
    target: { kind: "folder", name: "bench", account: "default" },
    hasApify: true,
    operator: async () => "bench",
    close: async () => undefined,
  };
  return askingOn(
    new Args({}),
    (argv, asked) => bench.run(runCli(argv, { env: {}, version: "0.0.0", ...asked })),
    async () => connection,
  );
}

async function partRows(asking: Asking): Promise<readonly (readonly (string | number)[])[]> {
  const rows: (string | number)[][] = [];
  for (const [name, argv] of Object.entries(PARTS)) {
    const times: number[] = [];
    let bytes = 0;
    for (let i = 0; i < 5; i++) {
      const startedAt = performance.now();
      const { json } = await asking.ask(argv, new AbortController().signal);
      times.push(performance.now() - startedAt);
      bytes = JSON.stringify(json).length;
    }
    rows.push([
      name,
      quantile(times, 0).toFixed(0),
      quantile(times, 0.5).toFixed(0),
      (bytes / 1000).toFixed(0),
    ]);
  }
  return rows;
}

/** What a page's own clock says of one load, in ms: its first paint, and when its runs were drawn. */
async function loadMs(page: Page, url: string): Promise<readonly [paint: number, drawn: number]> {
  await page.goto(url);
  await page.waitForSelector("#runs tbody tr");
  return page.evaluate(() => {
    const { performance: clock } = globalThis;
    const paint = clock.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN;
    return [paint, clock.now()] as const;
  });
}

export async function consolePage(): Promise<string> {
  if (!existsSync(CHROMIUM)) throw new Error(`This needs ${CHROMIUM}: install Debian's chromium.`);
  await buildConsole();
  const asking = await askingOfThousand();
  const parts = table(["part", "quickest ms", "p50 ms", "kB of JSON"], await partRows(asking));
  const served = await openConsole({ asking, port: 0, canAct: true });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    const sizes = new Map<string, number>();
    page.on("response", async (response) => {
      const { responseBodySize } = await response
        .request()
        .sizes()
        .catch(() => ({ responseBodySize: 0 }));
      const { pathname } = new URL(response.url());
      if (response.status() === 200 && !pathname.startsWith("/api/")) sizes.set(pathname, responseBodySize);
    });
    const loads = [await loadMs(page, served.url)];
    const { origin } = new URL(served.url);
    for (let i = 1; i < LOADS; i++) loads.push(await loadMs(page, `${origin}/`));
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    const ms = (which: 0 | 1, share: number): string =>
      quantile(
        loads.map((load) => load[which]),
        share,
      ).toFixed(0);
    const files = table(
      ["file", "kB, gzipped"],
      [...sizes, ["all", total] as const].map(([path, size]) => [path, (size / 1000).toFixed(1)]),
    );
    const times = table(
      [`${LOADS} loads`, "quickest ms", "p50 ms", "slowest ms"],
      [
        ["first paint", ms(0, 0), ms(0, 0.5), ms(0, 1)],
        ["the live runs drawn", ms(1, 0), ms(1, 0.5), ms(1, 1)],
      ],
    );
    return [files, times, parts].join("\n\n");
  } finally {
    await browser.close();
    await served.close();
  }
}
