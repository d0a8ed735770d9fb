import type { Invocation } from "../command.ts";
import { readPolicyFile } from "./policy-file.ts";
import { PolicyFileError } from "./policy-file-error.ts";

/** Reads a policy from a file; tells what is wrong with one that can't be used, and returns nothing then. */
export async function readUsablePolicy(
  { args, terminal }: Pick<Invocation, "args" | "terminal">,
  file: string,
): Promise<{ readonly document: unknown } | undefined> {
  try {
    return { document: await readPolicyFile(file) };
  } catch (error) {
    // A file that could not even be read is a mistake in the command line.
    if (!(error instanceof PolicyFileError) || error.problems.length === 0) throw error;
    if (args.flag("json")) terminal.data(JSON.stringify({ valid: false, problems: error.problems }, null, 2));
    else terminal.err(error.message);
    return undefined;
  }
}
