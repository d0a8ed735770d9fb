import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { askingOn } from "../../../cli/console/asking.ts";
import { openConsole } from "../../../cli/console/open-console.ts";
import { Args } from "../../../cli/options/args.ts";
import { runCli } from "../../../cli/run-cli.ts";
import type { Watched } from "../../support/watch.ts";

/** Debian's package `chromium`. */
const CHROMIUM = "/usr/bin/chromium";

export const hasChromium = existsSync(CHROMIUM);
if (!hasChromium)
  console.warn(
    `The console is not tried in a browser: there is no ${CHROMIUM} (Debian: apt-get install chromium).`,
  );

let started: Promise<Browser> | undefined;

/** One browser for all tests. Root needs no sandbox: nothing but our own page is opened. */
export const browser = (): Promise<Browser> => {
  started ??= chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  return started;
};
export const closeBrowser = async (): Promise<void> => (await started)?.close();

type Options = {
  readonly canAct?: boolean;
};

export type Opened = {
  readonly page: Page;
  /** Addresses that the page asked for, from wherever. */
  readonly asked: readonly string[];
  /** What the browser complained of: a script that failed, what the page's own policy forbids. */
  readonly complaints: readonly string[];
  readonly origin: string;
};

/** The built page of a real console on a pretend account, in a browser that opened the printed address. */
export async function opened(watched: Watched, { canAct = true }: Options = {}): Promise<Opened> {
  const asking = askingOn(
    new Args({}),
    (argv, asked) => watched.run(runCli(argv, { env: {}, version: "0.0.0", ...asked })),
    async () => ({
      ports: watched.ports,
      target: { kind: "folder", name: "the test's", account: watched.ports.account },
      hasApify: true,
      isWatched: true,
      operator: async () => "ann@laptop",
      close: async () => undefined,
    }),
  );
  // As the command does, before it prints the address: from then on the account's clock is known.
  await asking.ask(["status"], AbortSignal.timeout(20_000));
  const { url, close } = await openConsole({ asking, port: 0, canAct });
  const context = await (await browser()).newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  onTestFinished(async () => {
    await context.close();
    await close();
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);
  await page
    .getByRole("heading", { name: /live runs/i })
    .first()
    .waitFor();
  await page.locator("#runs tbody tr").first().waitFor();
  return { page, asked, complaints, origin: new URL(url).origin };
}

/** Keeps a picture in docs/pictures, where that is asked for: `npm run pictures:console`. */
export async function picture(page: Page, file: string): Promise<void> {
  const path = fileURLToPath(new URL(`../../../docs/pictures/${file}`, import.meta.url));
  await page.screenshot(process.env.PICTURES ? { path } : {});
}
