/** Whole micro-dollars: 5 USD is 5_000_000. Integers add up exactly where floats drift. */
export type MicroUsd = number;

const MICRO = 1_000_000;

/** Apify reports dollars as floats; this is the nearest whole micro-dollar. */
export const toMicroUsd = (usd: number): MicroUsd => Math.round(usd * MICRO);

export const toUsd = (micro: MicroUsd): number => micro / MICRO;

/** `$7.42`; amounts under a cent keep up to six digits, so that `$0.00005` does not read as nothing. */
export function formatUsd(micro: MicroUsd): string {
  const usd = Math.abs(toUsd(micro));
  const digits = usd === 0 || usd >= 0.01 ? usd.toFixed(2) : usd.toFixed(6).replace(/0+$/, "");
  return `${micro < 0 ? "-" : ""}$${digits}`;
}

/** The largest amount a policy may name; up to here `share × limit` is exact in a double. */
export const MAX_LIMIT_USD = 1_000_000;

/** Reads `5`, `"5"`, `"5.50 USD"`, `"$5"`. `undefined` when it is no amount. */
export function parseUsd(raw: unknown): MicroUsd | undefined {
  if (typeof raw === "number") return Number.isFinite(raw) ? toMicroUsd(raw) : undefined;
  if (typeof raw !== "string") return undefined;
  const match = /^\s*\$?\s*(-?\d+(?:\.\d+)?)\s*(?:usd)?\s*$/i.exec(raw);
  return match?.[1] === undefined ? undefined : toMicroUsd(Number(match[1]));
}
