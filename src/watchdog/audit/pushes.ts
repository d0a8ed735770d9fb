import canonicalize from "canonicalize";
import { CONTROL_CHAIN, type Entry, sha256 } from "../model/entry.ts";
import type { AuditReads, StoredEntry } from "../model/ports.ts";

/** One push of a policy, as its entry tells of it. */
export type Pushed = {
  readonly version: number;
  readonly sequence: number;
  readonly at: string;
  readonly by: string;
  readonly reason?: string;
  readonly rolledBackTo?: number;
  /** What was in force until then; `null` for the first. */
  readonly previousVersion?: number | null;
  /** Of the document as pushed. Absent in entries written before they held it. */
  readonly hash?: string;
  readonly document?: unknown;
};

/** What tells one policy document from every other, however it is written. */
export const hashOfPolicy = (document: unknown): string => sha256(canonicalize(document) ?? "");

/** The pushes among the entries of the control chain, the oldest first. */
export const pushesIn = (entries: readonly Entry[]): readonly Pushed[] =>
  entries.flatMap(({ kind, at, by, sequence, change }) =>
    kind === "policy.pushed" && typeof change?.version === "number"
      ? [{ ...(change as Omit<Pushed, "sequence" | "at" | "by">), sequence, at, by }]
      : [],
  );

/** The entry, if its text is the one that was hashed. */
function intact({ text, hash }: StoredEntry): readonly Entry[] {
  return sha256(text) === hash ? [JSON.parse(text) as Entry] : [];
}

/** Which versions were pushed, by entries that are as they were written. */
export type Pushes = {
  /** A version's last push: a restored state table may have had a number given twice. */
  readonly byVersion: ReadonlyMap<number, Pushed>;
  /** The last place of the control chain that stood when this was read. */
  readonly end: number;
};

export async function readPushes(audit: Pick<AuditReads, "readChain">): Promise<Pushes> {
  const stored = await audit.readChain(CONTROL_CHAIN);
  const pushes = pushesIn(stored.flatMap(intact));
  return {
    byVersion: new Map(pushes.map((push) => [push.version, push])),
    end: stored.at(-1)?.sequence ?? 0,
  };
}

/** The version that one followed; 0 for the first. */
export const versionBefore = ({ byVersion }: Pushes, version: number): number => {
  const previous = byVersion.get(version)?.previousVersion;
  return previous === undefined ? version - 1 : (previous ?? 0);
};
