import type { Notice } from "../model/notice.ts";

/** What one message holds in a queue, whose limit is 256 KiB: the rest is for what stands around it. */
const MOST_BYTES = 200_000;

/** Of one notice: the rest of what an entry may hold, which is up to 400 kB, is in the audit. */
const MOST_NOTICE_BYTES = 100_000;

const bytesOf = (notice: Notice): number => new TextEncoder().encode(JSON.stringify(notice)).byteLength;

/** A notice as a queue takes it: one that is too large goes without what programs read besides its facts. */
export function fitting(notice: Notice): Notice {
  if (bytesOf(notice) <= MOST_NOTICE_BYTES) return notice;
  const { change: _change, evidence: _evidence, ...rest } = notice;
  return rest;
}

/** Notices in messages of at most so many, none larger than a queue takes; in their order. */
export function bundlesOf(notices: readonly Notice[], most: number): readonly (readonly Notice[])[] {
  const bundles: Notice[][] = [];
  let bytes = 0;
  for (const notice of notices) {
    const size = bytesOf(notice);
    const last = bundles.at(-1);
    if (last === undefined || last.length >= most || bytes + size > MOST_BYTES) {
      bundles.push([notice]);
      bytes = size;
    } else {
      last.push(notice);
      bytes += size;
    }
  }
  return bundles;
}
