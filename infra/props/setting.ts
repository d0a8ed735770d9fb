import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { RunWatchdogProps } from "../run-watchdog-props.ts";

/** How `-c name=value` on the command line, or `context` in cdk.json, becomes a prop. */
export type Setting = (text: string, scope: Construct) => RunWatchdogProps;

export function oneOf<T extends string>(name: string, text: string, wanted: readonly T[]): T {
  const found = wanted.find((each) => each === text);
  if (found === undefined) throw new Error(`${name} must be ${wanted.join(" or ")}, got "${text}"`);
  return found;
}

/** `a,b`; white space around a comma is none of it. */
export const listOf = (text: string): readonly string[] => text.split(",").map((each) => each.trim());

/** Decimal alone: JavaScript would read `0x10` as 16, which nobody means for an amount. */
export function numberOf(name: string, text: string): number {
  if (!/^-?\d*\.?\d+$/.test(text))
    throw new Error(`${name} must be a number, for example 5 or 0.25, got "${text}"`);
  return Number(text);
}

/** `6h`, `1d12h`, `90m`: as policies write it. */
export function durationOf(name: string, text: string): Duration {
  const [whole, days = 0, hours = 0, minutes = 0, secs = 0] =
    /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  if (whole === undefined)
    throw new Error(`${name} must be a time, for example 6h, 90m or 1d12h, got "${text}"`);
  return Duration.seconds(((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(secs));
}
