import { type Duration, Token } from "aws-cdk-lib";

/** Throws where props are given that exclude each other. */
export function onlyOne(props: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(props).filter((name) => props[name] !== undefined);
  if (given.length > 1) throw new Error(`got both ${given.join(" and ")}: give one of them`);
}

/** Given, and not a value that only the deployment knows. */
export const isKnown = (text: string | undefined): text is string =>
  text !== undefined && !Token.isUnresolved(text);

/** With a fraction, where CDK by itself would throw. */
export const secsOf = (time: Duration): number => time.toSeconds({ integral: false });

type Bounds = { readonly least: number; readonly most: number };

/** Throws where a time is not so many whole seconds. */
export function checkSecs(name: string, time: Duration | undefined, { least, most }: Bounds): void {
  if (time === undefined || time.isUnresolved()) return;
  const secs = secsOf(time);
  if (!(Number.isInteger(secs) && secs >= least && secs <= most)) {
    throw new Error(`${name} must be from ${least} to ${most} whole seconds, got ${secs} seconds`);
  }
}
