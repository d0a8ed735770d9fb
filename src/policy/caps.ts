/** The two thresholds that need no YAML. */
export type Caps = {
  /** The most that one run may cost, in USD. */
  readonly maxUsdPerRun?: number | string;
  /** The longest that one life of a run may take, such as `6h`. */
  readonly maxRunTime?: string;
};

/** The policy document that the caps stand for; the same language, so the same checks and errors apply. */
export function documentFromCaps({ maxUsdPerRun, maxRunTime }: Caps, mode: "observe" | "enforce"): unknown {
  const steps = [
    { at: "80%", do: "notify" },
    { at: "100%", do: "abort" },
  ];
  const rules = [
    ...(maxUsdPerRun === undefined
      ? []
      : [{ id: "max-usd-per-run", limit: { usageTotalUsd: maxUsdPerRun }, steps }]),
    ...(maxRunTime === undefined ? [] : [{ id: "max-run-time", limit: { runTime: maxRunTime }, steps }]),
  ];
  return { version: 1, mode, rules };
}
