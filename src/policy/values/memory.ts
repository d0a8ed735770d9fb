/** `mbytes` as Apify counts them: 1 GB is 1024 of them. */
export type MemoryRange = { readonly op: "=" | "<" | "<=" | ">" | ">="; readonly mbytes: number };

/** Apify sells memory in powers of two: its 4 GB are `memoryMbytes: 4096`. */
const MBYTES_A_GB = 1024;

/** Reads a text that is known to hold a size, such as `4GB` or `>=512MB`, into Apify's megabytes. */
export const mbytesIn = (written: string): number =>
  Number(/[\d.]+/.exec(written)?.[0]) * (/g/i.test(written) ? MBYTES_A_GB : 1);

/** `4 GB`, `512 MB`. */
export const formatMemory = (mbytes: number): string =>
  mbytes % MBYTES_A_GB === 0 ? `${mbytes / MBYTES_A_GB} GB` : `${mbytes} MB`;

/** `>=4 GB`, `512 MB`. */
export const formatMemoryRange = ({ op, mbytes }: MemoryRange): string =>
  `${op === "=" ? "" : op}${formatMemory(mbytes)}`;
