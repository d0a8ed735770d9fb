import { existsSync, statSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { UsageError } from "../options/usage-error.ts";
import { CALLS } from "../package.ts";
import { PRETEND_FOLDER, REAL_FOLDER } from "./folder.ts";
import { DATABASE_FILE, MEMORY_FILE, readSitting, SITTING_FILE } from "./sitting.ts";

/** Are there tables of `npm start` in the folder? */
export const hasTables = (folder: string): boolean =>
  existsSync(join(folder, DATABASE_FILE)) || existsSync(join(folder, MEMORY_FILE));

/** When `npm start` was last there, in ms since 1970. */
const lastUsed = (folder: string): number =>
  statSync(join(folder, SITTING_FILE), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/**
 * The folder that `npm start` keeps its tables in: of the real account where a token is given; else that of the one that
 * runs here, else of the last one. Throws `UsageError` where two run, for none is picked by chance.
 */
export function localFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env.APIFY_TOKEN) return hasTables(REAL_FOLDER) ? REAL_FOLDER : undefined;
  const folders = [PRETEND_FOLDER, REAL_FOLDER].filter(hasTables);
  const running = folders.filter((folder) => readSitting(folder)?.running);
  if (running.length > 1) {
    throw new UsageError(
      `Two run here: ${CALLS.start} on a pretend account, and on yours. Set APIFY_TOKEN to mean yours; to mean the pretend one, end the other.`,
    );
  }
  return running[0] ?? folders.sort((a, b) => lastUsed(b) - lastUsed(a))[0];
}

/** The caller on this machine. */
export const localUser = (): string => `${userInfo().username}@${hostname()}`;
