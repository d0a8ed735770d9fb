import { costRule, fiveUsd } from "../../../support/policies.ts";
import type { Watched } from "../../../support/watch.ts";
import { cli, policyFile, type RunOptions } from "../../support.ts";

/** No run over so many USD, enforced; overrides go on top. */
export const policy = (usd: number, overrides: object = {}) =>
  fiveUsd({ rules: [costRule(usd)], ...overrides });

/** `policy push` of a document that is meant, and the options behind it. */
export async function push(
  watched: Watched,
  document: unknown,
  options: readonly string[] = [],
  run: RunOptions = {},
) {
  return cli(watched, ["policy", "push", await policyFile(document), "--yes", ...options], run);
}
/** What `policy push --dry-run` tells a program. */
export const dryRun = async (watched: Watched, document: unknown, run: RunOptions = {}) =>
  JSON.parse((await push(watched, document, ["--dry-run", "--json"], run)).out);
