import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../src/watchdog/model/errors.ts";
import { CALLS } from "../package.ts";
import { isAlive } from "./sitting.ts";

/** What is remembered of a real account, from one start to the next. */
export const REAL_FOLDER = ".watchdog/account";
export const PRETEND_FOLDER = ".watchdog/pretend";

const CLAIM_FILE = "pid";

/** Whose the claim is, if that process lives; one that was killed leaves its claim behind. */
function holderOf(file: string): number | undefined {
  const pid = Number(readFileSync(file, "utf8"));
  // In a container the next process may well have the same number.
  return pid > 0 && pid !== process.pid && isAlive(pid) ? pid : undefined;
}

/** What to do about a folder that can't be made or written to. */
export function adviceOn(code: string | undefined): string {
  if (code === "EACCES" || code === "EPERM" || code === "EROFS")
    return `${CALLS.start} keeps its tables there: allow writing, or start in a folder of yours.`;
  if (code === "ENOSPC" || code === "EDQUOT")
    return "Make room on the disk, or start in a folder on another.";
  return "Move away what is in its place, or start in another folder.";
}

/** Writes the claim unless there is one: of two that start at once, one succeeds. */
function tryClaim(folder: string, file: string): boolean {
  try {
    // It holds what an account costs: nobody else on the machine need read it.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST" && existsSync(file)) return false;
    throw new ConfigError(`${folder} can't be used as a folder: ${message}. ${adviceOn(code)}`, { cause });
  }
}

/**
 * Takes a folder for this process alone, emptied if it is to be fresh. Returns how to give it back. Throws `ConfigError`
 * when another process has it: two on the same tables would delete or mix up each other's.
 */
export function claimFolder(folder: string, { fresh }: { readonly fresh: boolean }): () => void {
  const file = join(folder, CLAIM_FILE);
  while (!tryClaim(folder, file)) {
    const pid = holderOf(file);
    if (pid !== undefined) {
      throw new ConfigError(
        `${CALLS.start} runs already here, pid ${pid}: end it with Ctrl-C in its terminal, or start in another folder. ` +
          `If process ${pid} is something else, remove ${file}.`,
      );
    }
    rmSync(file, { force: true });
  }
  const others = fresh ? readdirSync(folder).filter((name) => name !== CLAIM_FILE) : [];
  for (const name of others) rmSync(join(folder, name), { recursive: true, force: true });
  return () => rmSync(file, { force: true });
}
