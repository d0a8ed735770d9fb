import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const DATABASE_FILE = "dynamodb.sqlite";
/** Where there is no embedded engine. */
export const MEMORY_FILE = "tables.json";
export const SITTING_FILE = "sitting.json";

/**
 * What `npm start` leaves beside its tables, so that another terminal can look at the same ones while it runs, and
 * afterwards knows what time it was there. Never holds a token.
 */
export type Sitting = {
  readonly apifyApiUrl: string;
  /** How far the account's clock was ahead of the machine's, in ms. */
  readonly aheadMs: number;
  /** While it runs: its process and where its database engine answers. */
  readonly running?: { readonly pid: number; readonly engineUrl?: string };
};

const KEEP_MS = 20;

/** Keeps the note up to date for as long as the sitting lasts. */
export function keepSitting(
  { folder, apifyApiUrl, ahead }: { folder: string; apifyApiUrl: string; ahead: SharedArrayBuffer },
  engineUrl: string | undefined,
): { end(): void } {
  const offset = new Float64Array(ahead);
  let noted = offset[0];
  const note = (running?: Sitting["running"]): void => {
    const sitting: Sitting = { apifyApiUrl, aheadMs: offset[0] ?? 0, ...(running && { running }) };
    // Never half written: who reads in between finds the last one whole.
    const file = join(folder, SITTING_FILE);
    writeFileSync(`${file}.next`, JSON.stringify(sitting));
    renameSync(`${file}.next`, file);
  };
  const running = { pid: process.pid, ...(engineUrl && { engineUrl }) };
  note(running);
  const timer = setInterval(() => {
    if (noted === offset[0]) return;
    noted = offset[0];
    note(running);
  }, KEEP_MS);
  timer.unref();
  return {
    end() {
      clearInterval(timer);
      note();
    },
  };
}

/** Is there a process of this number? */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The last sitting in the folder; its `running` only if its process lives. `undefined` when there was none. */
export function readSitting(folder: string): Sitting | undefined {
  try {
    const { running, ...rest } = JSON.parse(readFileSync(join(folder, SITTING_FILE), "utf8")) as Sitting;
    return { ...rest, ...(running && isAlive(running.pid) && { running }) };
  } catch {
    return undefined;
  }
}

/** One file for each visitor: the first to leave takes nobody else's away. */
const VISIT_FILE = "visit-";

/** Tells a sitting that another process is at its tables. Returns how to say that it has left. */
export function visit(folder: string): () => void {
  const file = join(folder, `${VISIT_FILE}${process.pid}`);
  writeFileSync(file, "");
  return () => rmSync(file, { force: true });
}

/** Is another process at the tables now? A pretend day then goes by slowly enough to do something in it. */
export function isVisited(folder: string): boolean {
  const pids = (existsSync(folder) ? readdirSync(folder) : []).flatMap((name) =>
    name.startsWith(VISIT_FILE) ? Number(name.slice(VISIT_FILE.length)) : [],
  );
  return pids.some(isAlive);
}
