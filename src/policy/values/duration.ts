const SECS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
type Unit = keyof typeof SECS;

const isUnit = (text: string | undefined): text is Unit => text !== undefined && text in SECS;

/** Reads `90s`, `6h`, `1d12h` into seconds. `undefined` when it is no duration; a bare number is none. */
export function parseDurationSecs(raw: unknown): number | undefined {
  if (typeof raw !== "string") return undefined;
  const text = raw.trim();
  if (!/^(\d+(?:\.\d+)?[smhdw])+$/.test(text)) return undefined;
  let secs = 0;
  let previous = Number.POSITIVE_INFINITY;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g)) {
    // Units fall: `30m6h` is more likely a slip than a wish.
    if (!isUnit(unit) || SECS[unit] >= previous) return undefined;
    previous = SECS[unit];
    secs += Number(amount) * SECS[unit];
  }
  return Number.isFinite(secs) ? secs : undefined;
}

/** `6h 12m`, `45s`, `1d 12h`: the two largest units that are not zero. */
export function formatDuration(secs: number): string {
  let rest = Math.max(0, Math.floor(secs));
  const parts: string[] = [];
  for (const unit of ["d", "h", "m", "s"] as const) {
    const count = Math.floor(rest / SECS[unit]);
    rest -= count * SECS[unit];
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.slice(0, 2).join(" ") || "0s";
}
