import { printableAll } from "../../policy/index.ts";
import type { Entry } from "../model/entry.ts";

/** Of one text that an entry quotes: what is longer is in the audit, and must not make a notice too large to be sent. */
const MOST_QUOTED = 1_000;

/** An entry of which nothing acts on whoever shows it. A pushed document is left out: it is long, and in the audit. */
export function printableEntry({ change, ...entry }: Entry): Entry {
  const { document: _document, ...rest } = change ?? {};
  return printableAll({ ...entry, ...(change && { change: rest }) }, MOST_QUOTED);
}
