import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import type { Run } from "../../src/policy/index.ts";
import type { KeptList, ListedPart } from "../../src/watchdog/learn/listed/listed.ts";

/**
 * A file of what Apify's list had: a line for each part, with a checksum before it. It is only appended to, a line at once, so
 * that two processes can't spoil each other's, and whatever ends one of them leaves whole lines behind; a line that is not
 * whole is passed over, and its part of the list read again. Never holds a token.
 */

const DATES = new Set(["at", "from", "to", "startedAt", "finishedAt"]);
const revived = (key: string, value: unknown): unknown =>
  DATES.has(key) && typeof value === "string" ? new Date(value) : value;

const written = (part: ListedPart): string => {
  const text = JSON.stringify(part);
  return `${crc32(text).toString(16)} ${text}\n`;
};

function partIn(line: string): ListedPart | undefined {
  const space = line.indexOf(" ");
  const text = line.slice(space + 1);
  if (Number.parseInt(line.slice(0, space), 16) !== crc32(text)) return undefined;
  return JSON.parse(text, revived) as ListedPart;
}

/** More of what is out of date than this, and the file is written again without it. */
const MOST_STALE = 2;

/**
 * The parts without the runs that a later part has again, be it in a list or in full: what only a detail has is taken over from
 * the last one.
 */
function withoutStale(parts: readonly ListedPart[]): readonly ListedPart[] {
  const last = new Map<string, ListedPart>();
  const lastInFull = new Map<string, ListedPart>();
  for (const part of parts)
    for (const { id, settings } of part.runs) {
      last.set(id, part);
      if (settings !== undefined) lastInFull.set(id, part);
    }
  const isLast = (part: ListedPart) => (run: Run) =>
    last.get(run.id) === part || lastInFull.get(run.id) === part;
  return parts
    .map((part) => ({ ...part, runs: part.runs.filter(isLast(part)) }))
    .filter(({ from, runs }) => from !== undefined || runs.length > 0);
}

/** What of the file could not be read, or written: in words for people. */
export type KeptFile = KeptList & { readonly problems: readonly string[] };

export function keptList(file: string): KeptFile {
  const problems: string[] = [];
  let isWritable = true;
  const trying = (write: () => void): void => {
    if (!isWritable) return;
    try {
      write();
    } catch (error) {
      isWritable = false;
      problems.push(`What was read could not be kept: ${(error as Error).message}.`);
    }
  };
  return {
    problems,
    read() {
      let text: string;
      try {
        if (!existsSync(file)) return [];
        text = readFileSync(file, "utf8");
      } catch (error) {
        problems.push(`What was kept of Apify's list could not be read: ${(error as Error).message}.`);
        return [];
      }
      const lines = text.split("\n").filter(Boolean);
      const parts = lines.flatMap((line) => partIn(line) ?? []);
      const damaged = lines.length - parts.length;
      if (damaged > 0)
        problems.push(
          `${damaged} of ${lines.length} lines of ${file} were damaged: that part of Apify's list was read again.`,
        );
      const all = parts.reduce((sum, { runs }) => sum + runs.length, 0);
      const kept = withoutStale(parts);
      const left = kept.reduce((sum, { runs }) => sum + runs.length, 0);
      if (damaged > 0 || all > MOST_STALE * left)
        trying(() => {
          writeFileSync(`${file}.${process.pid}`, kept.map(written).join(""), { mode: 0o600 });
          renameSync(`${file}.${process.pid}`, file);
        });
      return parts;
    },
    add(part) {
      trying(() => {
        // It holds what an account costs: nobody else on the machine need read it.
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        // A line that was cut off before is left behind.
        appendFileSync(file, `\n${written(part)}`, { mode: 0o600 });
      });
    },
  };
}
