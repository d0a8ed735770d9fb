import { lineProblem, MOST_NAME, MOST_OWNER, MOST_REASON } from "../../policy/index.ts";
import { ConfigError } from "./errors.ts";

/** What an operator gives to be kept: who acts and why, who answers for it, and whom it is about. */
type Given = {
  readonly by: string;
  readonly reason?: string | undefined;
  readonly owner?: string;
  readonly id?: string;
  readonly ruleId?: string;
  readonly name?: string;
};

const MOST: Readonly<Record<keyof Given, number>> = {
  by: MOST_NAME,
  reason: MOST_REASON,
  owner: MOST_OWNER,
  id: MOST_NAME,
  ruleId: MOST_NAME,
  name: MOST_NAME,
};

/** Throws `ConfigError` where one of them is no line that is shown as it was written: before anything is written. */
export function checkGiven(given: Given): void {
  for (const [name, text] of Object.entries(given)) {
    const problem = text === undefined ? undefined : lineProblem(text, MOST[name as keyof Given]);
    if (problem !== undefined)
      throw new ConfigError(`${name}: got ${problem.got}, wanted ${problem.expected}.`);
  }
}
