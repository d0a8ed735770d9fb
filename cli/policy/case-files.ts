import { dirname, isAbsolute, join } from "node:path";
import { type Policy, parsePolicy } from "../../src/policy/index.ts";
import { type CaseOutcome, checkSpent, parseCases, tryCase } from "../../src/policy-test/index.ts";
import { readChecked, readPolicyFile, readText } from "./policy-file.ts";
import { PolicyFileError } from "./policy-file-error.ts";

/** What became of a case, and the line it stands in. */
export type PlacedOutcome = CaseOutcome & { readonly line: number };

export type FileOutcome = {
  readonly file: string;
  /** The file of the policy that the cases were tried on. */
  readonly policy: string;
  readonly cases: readonly PlacedOutcome[];
};

const readPolicy = async (path: string): Promise<Policy> => parsePolicy(await readPolicyFile(path));

/** Said of a policy in the place of cases: a likely slip, for `policy validate` takes one. */
const NO_CASES =
  "cases, for it is a policy: check that with policy validate, or give it with --policy beside a file of cases";

const isPolicy = (text: string): boolean => /^rules:/m.test(text) && !/^cases:/m.test(text);

/** Reads a file of cases and the policy that they are for, and tries them. `policyPath` wins over what the file says. */
export async function tryCaseFile(file: string, policyPath?: string): Promise<FileOutcome> {
  const text = await readText(file);
  const shown = file === "-" ? "standard input" : file;
  const { value, placeOf } = readChecked(text, shown, isPolicy(text) ? NO_CASES : "cases", parseCases);
  const named = value.policy;
  const beside = named === undefined || isAbsolute(named) ? named : join(dirname(file), named);
  const path = policyPath ?? beside;
  if (path === undefined) {
    throw new PolicyFileError(
      `${shown} does not say which policy it is for: write policy: policy.yaml in it, relative to it, or give --policy FILE.`,
      [],
    );
  }
  const policy = await readPolicy(path);
  readChecked(text, shown, `cases of ${path}`, (document) => checkSpent(policy, parseCases(document)));
  const cases = value.cases.map((each, at) => ({
    ...tryCase(policy, each),
    line: placeOf(["cases", at]).line,
  }));
  return { file: shown, policy: path, cases };
}
