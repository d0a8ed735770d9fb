import { against } from "../audit/describe.ts";
import type { HoldChange } from "../audit/holds/hold-entries.ts";
import type { Entry } from "../model/entry.ts";
import { scheduleWords } from "../model/holds/hold.ts";
import { shellWord } from "./place.ts";
import { commandOf, fact, utc, type Words } from "./words.ts";

/** Of a schedule that is held, let go or left. */
export function holdWords(
  { kind, by, entryId, ruleId, evidence, change }: Entry,
  _change: unknown,
  stored: object,
): Words {
  const {
    scheduleId = "",
    name,
    until,
    reason,
    stops,
    isLeftDisabled,
  } = (change ?? {}) as Partial<HoldChange>;
  const whose = scheduleWords({ scheduleId, ...(name !== undefined && { name }) });
  const looped = stops === undefined ? undefined : `its runs were stopped ${stops} times and came again`;
  const isHeld = kind === "source.held";
  const next = isHeld
    ? "it starts nothing until then; what runs may finish, unless a step stops it"
    : isLeftDisabled
      ? "it stays disabled until a person enables it"
      : "it starts runs as its times come";
  const release = `watchdog release ${shellWord((stored as Partial<HoldChange>).scheduleId ?? "")} --reason "…"`;
  return {
    about: whose,
    facts: [
      ...fact("Schedule", whose),
      ...fact("Rule", ruleId),
      ...fact("Because", evidence ? against(evidence) : (reason ?? looped)),
      ...fact("Until", isHeld && until !== undefined ? utc(until) : undefined),
      ...fact("By", by),
      ...fact("Next", kind === "source.left" && !isLeftDisabled ? undefined : next),
    ],
    command: isHeld || isLeftDisabled ? commandOf(release) : commandOf(`watchdog audit show ${entryId}`),
  };
}
