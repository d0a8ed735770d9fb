import { ConfigError } from "../../model/errors.ts";
import type { ControlReads } from "../../model/ports.ts";
import { hashOfPolicy, type Pushed } from "../pushes.ts";

export type PolicyFinding = { readonly sequence: number; readonly problem: string };

async function storedHash(
  state: ControlReads,
  version: number,
): Promise<{ hash: string } | { problem: string }> {
  try {
    const document = await state.readPolicy(version);
    return document === undefined
      ? { problem: "is gone from the state table" }
      : { hash: hashOfPolicy(document) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problem: `can't be read: ${error.message}` };
  }
}

/** Is the document of each push still the one that was pushed, in its entry and in the state table? */
export async function verifyPolicies(
  state: ControlReads,
  pushes: Iterable<Pushed>,
): Promise<readonly PolicyFinding[]> {
  const findings: PolicyFinding[] = [];
  for (const { version, sequence, hash, document } of pushes) {
    const say = (problem: string) =>
      findings.push({ sequence, problem: `the document of policy version ${version} ${problem}` });
    if (hash !== undefined && hashOfPolicy(document) !== hash)
      say("in the entry is not the one whose hash it holds");
    const stored = await storedHash(state, version);
    if ("problem" in stored) say(stored.problem);
    else if (hash !== undefined && stored.hash !== hash)
      say("in the state table is not the one that was pushed");
  }
  return findings;
}
