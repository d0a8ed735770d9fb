const FACTOR: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/** Reads `500MB` (powers of 1000), `2GiB` (powers of 1024) into bytes. `undefined` when it is no size. */
export function parseBytes(raw: unknown): number | undefined {
  if (typeof raw !== "string") return undefined;
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(raw);
  const factor = FACTOR[match?.[2]?.toLowerCase() ?? ""];
  const bytes = Number(match?.[1]) * Number(factor);
  return Number.isFinite(bytes) ? bytes : undefined;
}

/** `21.5 GB`, in powers of 1000. */
export function formatBytes(bytes: number): string {
  for (const unit of ["TB", "GB", "MB", "KB"]) {
    const factor = FACTOR[unit.toLowerCase()] ?? 1;
    if (bytes >= factor) return `${(bytes / factor).toFixed(1)} ${unit}`;
  }
  return `${bytes} B`;
}
