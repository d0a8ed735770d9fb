import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError } from "../../src/watchdog/model/errors.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What `watchdog use` keeps for the commands that name no target. */
export type Remembered = {
  readonly stack: string;
  /** Where the stack has watchdogs of several accounts. */
  readonly account?: string;
};

/** The user's folder of settings. Sources: XDG Base Directory Specification; Windows, known folders. */
function settingsFolder({ XDG_CONFIG_HOME, APPDATA, HOME }: Env, platform: string): string | undefined {
  if (XDG_CONFIG_HOME) return XDG_CONFIG_HOME;
  if (platform === "win32") return APPDATA || undefined;
  return HOME ? join(HOME, ".config") : undefined;
}

/** The file that it is kept in; `undefined` where the environment names no folder of the user's. */
export function rememberedFile(env: Env, platform: string = process.platform): string | undefined {
  const folder = settingsFolder(env, platform);
  return folder && join(folder, "apify-run-watchdog", "target.json");
}

/** Reads it. Throws `ConfigError` where the file can't be used: no other target is taken in its place. */
export function readRemembered(env: Env): Remembered | undefined {
  const file = rememberedFile(env);
  if (file === undefined) return undefined;
  try {
    const { stack, account } = JSON.parse(readFileSync(file, "utf8"));
    if (typeof stack !== "string" || stack === "") throw new Error("it names no stack");
    return { stack, ...(typeof account === "string" && { account }) };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new ConfigError(
      `${file}, which keeps the default target, can't be read: ${message}. Take it back with: watchdog use --none`,
      { cause },
    );
  }
}

/** Keeps it, or with `undefined` takes it back. Throws `ConfigError` where there is no place for it. */
export function remember(env: Env, remembered: Remembered | undefined): void {
  const file = rememberedFile(env);
  if (file === undefined)
    throw new ConfigError(
      "There is no folder to keep a default target in: set HOME or XDG_CONFIG_HOME, on Windows APPDATA.",
    );
  try {
    if (remembered === undefined) {
      rmSync(file, { force: true });
      return;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(remembered, null, 2)}\n`);
  } catch (cause) {
    throw new ConfigError(`${file} can't be written: ${(cause as Error).message}.`, { cause });
  }
}
