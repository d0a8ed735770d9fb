import type { Asking } from "../../console/server/asking.ts";
import { readAssets } from "../../console/server/assets.ts";
import { HOST, type Served, serveConsole } from "../../console/server/serve.ts";
import { ConfigError } from "../../src/watchdog/model/errors.ts";
import { UsageError } from "../options/usage-error.ts";
import { inPackage } from "../package.ts";

const FOLDER = "dist/console";

/** Serves the console with its built page. Throws `UsageError` for a port that can't be had. */
export async function openConsole(options: {
  readonly asking: Asking;
  readonly port: number;
  readonly canAct: boolean;
}): Promise<Served> {
  const assets = await readAssets(inPackage(FOLDER)).catch((cause: Error) => {
    throw new ConfigError(
      `The console's page is not there (${cause.message}): install apify-run-watchdog again or, in a checkout, build it with "npm run build".`,
      { cause },
    );
  });
  try {
    return await serveConsole({ ...options, assets });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === "EADDRINUSE" ? "is taken" : `can't be used (${code})`;
    throw new UsageError(
      `Port ${options.port} of ${HOST} ${why}. Give another, or leave out --port for any.`,
      {
        cause,
      },
    );
  }
}
