import { existsSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { PRETEND_FOLDER, REAL_FOLDER } from "./folder.ts";
import { DATABASE_FILE, MEMORY_FILE } from "./sitting.ts";

const hasTables = (folder: string): boolean =>
  existsSync(join(folder, DATABASE_FILE)) || existsSync(join(folder, MEMORY_FILE));

/** The folder that `npm start` keeps its tables in: of the real account where a token is given, else the pretend one. */
export function localFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return (env.APIFY_TOKEN ? [REAL_FOLDER] : [PRETEND_FOLDER, REAL_FOLDER]).find(hasTables);
}

/** The caller on this machine. */
export const localUser = (): string => `${userInfo().username}@${hostname()}`;
