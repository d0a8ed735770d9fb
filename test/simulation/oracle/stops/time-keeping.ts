import type { ExemptionFields } from "../control-plane.ts";
import type { EntryFields } from "../entry-text.ts";
import type { SeenEntry } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";

type Finding = readonly [promise: string, text: string];

const MINUTE = 60_000;
/** Between the moment that a grant counts from and the one that its entry is dated. */
const DATED_MS = 2 * MINUTE;
/** Long enough for an undisturbed tick to have come by. */
const SOON_MS = 5 * MINUTE;

/** How long before its end a span's notice comes: a tenth of it, ten minutes at least, a day at most. */
const noticeMs = (spanMs: number): number => Math.min(1_440 * MINUTE, Math.max(10 * MINUTE, spanMs / 10));

/** What the watchdog itself may write into the control chain: that a time was up, or soon will be. */
export function* checkKept(know: Knowledge, seen: SeenEntry, entry: EntryFields): Generator<Finding> {
  const { kind, by, change = {} } = entry;
  const { now } = know.control;
  // Its clock may have been set since it looked at it; the entry says what it showed then.
  const { startedAtMs = seen.commitMs } = know.history.ticks.get(seen.by) ?? {};
  const saidMs = Math.min(Date.parse(entry.at), know.latestOf(seen.by, startedAtMs, seen.commitMs));
  if (by !== "watchdog") {
    if (kind === "exemption.ending") yield ["P9", "only the watchdog announces an end"];
    return;
  }
  // The document of a version is gone where the state table was put back.
  if (kind === "policy.fell-back") return;
  if (kind === "control.resumed") {
    const { pausedUntilMs } = now;
    if (pausedUntilMs === undefined) yield ["P6", "it ends a pause where there is none"];
    else if (pausedUntilMs > saidMs) yield ["P6", "it ends a pause before its time"];
    return;
  }
  const { kind: what, id, ruleId } = change.subject as ExemptionFields["subject"];
  const stands = now.exemptions.find(
    ({ subject }) => subject.kind === what && subject.id === id && subject.ruleId === ruleId,
  );
  if (stands === undefined) return yield ["P6", `it is of an exemption of ${what} ${id}, and none stands`];
  const { untilMs, grantedMs, isAnnounced } = stands;
  if (kind === "exemption.ended" && untilMs > saidMs) yield ["P6", "it ends an exemption before its time"];
  if (kind !== "exemption.ending") return;
  if (isAnnounced) yield ["P3", "the end of one exemption is announced twice"];
  const leftMs = untilMs - Date.parse(entry.at);
  if (leftMs < 0) yield ["P6", "it announces an end that is past"];
  if (leftMs > noticeMs(untilMs - grantedMs + DATED_MS))
    yield ["P6", `it comes ${leftMs / 1_000} s before the end`];
}

/** What time must have done once all has been calm for long. */
export function* checkKeptAtRest({
  control,
  history,
}: Knowledge): Generator<readonly [...Finding, subject: string]> {
  const nowMs = history.nowMs();
  const { pausedUntilMs = Number.POSITIVE_INFINITY, exemptions } = control.now;
  if (pausedUntilMs < nowMs - SOON_MS)
    yield ["liveness", "the end of the pause is not in the audit", "control"];
  for (const { subject, untilMs, grantedMs, isAnnounced } of exemptions) {
    const whose = `${subject.kind} ${subject.id}`;
    if (untilMs < nowMs - SOON_MS) yield ["liveness", "the end of its exemption is not in the audit", whose];
    const spanMs = untilMs - grantedMs;
    const isDue = spanMs > 10 * MINUTE + DATED_MS && untilMs - nowMs < noticeMs(spanMs) - SOON_MS;
    if (isDue && !isAnnounced) yield ["liveness", "the end of its exemption was not announced", whose];
  }
}
