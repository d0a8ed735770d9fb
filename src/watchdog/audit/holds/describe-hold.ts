import type { Entry } from "../../model/entry.ts";
import { scheduleWords } from "../../model/holds/hold.ts";
import { minuteOf } from "../../model/minute.ts";
import type { HoldChange } from "./hold-entries.ts";

const WORDS: Readonly<Record<string, string>> = {
  "source.held": "HOLDING",
  "source.released": "RELEASED",
  "source.left": "LEFT",
};

/** Why a schedule is held, in words. `facts`: what its entry rests on, of a budget. */
function because({ stops, reason }: HoldChange, facts: string): string {
  if (reason !== undefined) return reason;
  return stops === undefined ? facts : `its runs were stopped ${stops} times and came again`;
}

/** What an entry says of a schedule that is held, let go, or left as others made it. */
export function holdText(entry: Entry, facts: string): { readonly word: string; readonly text: string } {
  const { kind, intentId, by } = entry;
  const change = (entry.change ?? {}) as HoldChange;
  const { scheduleId = "?", name, until = "", reason = "?", isLeftDisabled } = change;
  const whose = scheduleWords({ scheduleId, ...(name !== undefined && { name }) });
  const who = by === "watchdog" ? "" : ` (${by})`;
  const word = WORDS[kind] ?? kind;
  if (kind === "source.held") {
    const stays = intentId === undefined ? "is disabled" : "stays disabled";
    return { word, text: `${whose} ${stays} until ${minuteOf(until)} UTC: ${because(change, facts)}${who}` };
  }
  if (kind === "source.released") return { word, text: `${whose} is enabled again: ${reason}${who}` };
  return {
    word,
    text: `${whose} is left as it is${isLeftDisabled ? ", disabled" : ""}: ${reason}${who}`,
  };
}
