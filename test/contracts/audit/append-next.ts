import { type EntryDraft, runChain } from "../../../src/watchdog/model/entry.ts";
import { ConflictError } from "../../../src/watchdog/model/errors.ts";
import { sealed } from "../samples.ts";
import type { Suite } from "../suite.ts";

/** Appends behind the tail, as a caller does: reads, seals, and after a conflict again. Returns the sequence. */
export async function appendNext(
  { audit, account }: Suite,
  overrides: Partial<EntryDraft> = {},
  chain: string = runChain("run-1"),
): Promise<number> {
  for (;;) {
    const last = (await audit.readChain(chain)).at(-1);
    const entry = sealed(account, last && { sequence: last.sequence, hash: last.hash }, overrides, chain);
    try {
      await audit.append({ sealed: entry });
      return entry.entry.sequence;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}
