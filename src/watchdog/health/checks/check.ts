import type { Fact } from "../../model/deployed/deployment.ts";

/** One thing that has to be right. `null`: it could not be found out. */
export type Check = {
  /** Stable: what a program knows it by. */
  readonly id: string;
  readonly ok: boolean | null;
  readonly says: string;
  /** What to do, unless all is well. */
  readonly fix?: string;
};

export const passed = (id: string, says: string): Check => ({ id, ok: true, says });
export const failed = (id: string, says: string, fix: string): Check => ({ id, ok: false, says, fix });
export const notKnown = (id: string, says: string, fix: string): Check => ({ id, ok: null, says, fix });

/** What is made of a fact; where it is not known, that. */
export const judged = <T>(id: string, fact: Fact<T>, judge: (value: T) => Check): Check =>
  fact.kind === "known" ? judge(fact.value) : notKnown(id, fact.why, fact.fix);

/** The first of several things that is wrong; else that all is well. */
export function firstWrong(
  id: string,
  wrong: readonly (readonly [is: boolean, says: string, fix: string])[],
  well: string,
): Check {
  const found = wrong.find(([is]) => is);
  return found ? failed(id, found[1], found[2]) : passed(id, well);
}
