import { entriesIn } from "../../src/watchdog/audit/entry-in.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import type { Outcome } from "../../src/watchdog/model/pass.ts";
import type { AuditStore } from "../../src/watchdog/model/ports.ts";

/** The entries behind the outcomes of a tick that began at `since` (ISO 8601), run by run in the order of their chains. */
export async function toldEntries(
  audit: AuditStore,
  outcomes: readonly Outcome[],
  since: string,
): Promise<readonly Entry[]> {
  const told: Entry[] = [];
  for (const chain of new Set(outcomes.map((outcome) => outcome.chain))) {
    const kinds = outcomes.filter((outcome) => outcome.chain === chain).map(({ kind }) => kind);
    const entries = entriesIn(await audit.readChain(chain));
    told.push(...entries.filter(({ at, kind }) => at >= since && kinds.includes(kind)));
  }
  return told;
}
