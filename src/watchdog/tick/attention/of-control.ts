import { type Exemption, isPaused } from "../../../policy/index.ts";
import { type Control, type PolicyInForce, viewOf } from "../../model/control.ts";
import type { AbsentPolicyError } from "../../model/errors.ts";
import { subjectWords } from "../../model/exemption.ts";
import { scheduleUrl, scheduleWords } from "../../model/holds/hold.ts";
import { holdsOf, leftOf } from "../../model/holds/sources.ts";
import { minuteOf } from "../../model/minute.ts";
import { ENDLESS_PAUSE, exemptRule } from "../../policies/acknowledged.ts";
import { fallbackText } from "../../policies/note-fallback.ts";

const MAX_NAMED = 3;

const nameOf = ({ subject }: Exemption): string => subjectWords(subject);

function malformed(exemptions: readonly Exemption[]): readonly string[] {
  const broken = exemptions.filter(({ kind }) => kind === "malformed");
  if (broken.length === 0) return [];
  const named = broken.slice(0, MAX_NAMED).map(nameOf).join(", ");
  const more = broken.length > MAX_NAMED ? `, and ${broken.length - MAX_NAMED} more` : "";
  const many = broken.length === 1 ? "1 exemption" : `${broken.length} exemptions`;
  return [`exemption: ${many} can't be read, which protects ${named}${more}`];
}

/** What a person has weakened, and left so. */
function weakened({ pause, exemptions }: Control, now: Date): readonly string[] {
  const endless =
    pause && pause.until === undefined
      ? [
          `${ENDLESS_PAUSE} nothing is stopped, without an end, since ${minuteOf(pause.since)} UTC: paused by ${pause.by} (${pause.reason})`,
        ]
      : [];
  const rules = exemptions.flatMap((each) =>
    each.kind === "valid" && each.subject.kind === "rule" && each.until > now
      ? [
          `${exemptRule(each.subject.id)} the rule stops nothing until ${minuteOf(each.until)} UTC: exempt for ${each.owner} (${each.reason})`,
        ]
      : [],
  );
  return [...endless, ...rules];
}

/** Schedules that the watchdog had disabled, and that only a person may enable. */
const leftDisabled = (control: Control): readonly string[] =>
  leftOf(control).map(
    (each) =>
      `left:${each.scheduleId} ${scheduleWords(each)} is disabled since the watchdog held it, and stays so: ${LEFT[each.goneAt ? "gone" : each.reason]}; ` +
      `enable it with watchdog release ${each.scheduleId} --reason "…", or at ${scheduleUrl(each.scheduleId)}, or delete it`,
  );

const LEFT = {
  changed: "somebody else changed it meanwhile",
  refused: "Apify refused to enable it for this token",
  gone: "Apify answers that there is no such schedule; should there be one",
} as const;

/** Three ticks, a minute apart: no change of a schedule takes so long by itself. */
const OVERDUE_MS = 3 * 60_000;

/** Holds whose schedule Apify has not disabled, or not enabled again, although that was due a while ago. */
function overdueHolds(control: Control, now: Date): readonly string[] {
  if (isPaused(viewOf(control), now)) return [];
  return holdsOf(control).flatMap((hold) => {
    const { at, letGo, madeAt, scheduleId, until } = hold;
    const isHeld = letGo !== undefined || madeAt !== undefined;
    const due = letGo?.at ?? (isHeld ? until : at);
    if (now.getTime() - due.getTime() < OVERDUE_MS) return [];
    const [does, meanwhile] = isHeld ? ["enabled", "starts nothing"] : ["disabled", "goes on starting runs"];
    return [
      `overdue:${scheduleId} ${scheduleWords(hold)} was to be ${does} at ${minuteOf(due)} UTC and is not yet, so it ${meanwhile}; ` +
        `each tick tries again; it can be ${does} at ${scheduleUrl(scheduleId)}`,
    ];
  });
}

/** Why a person must look after this watchdog: what it goes on with all the same, and what it can't mend by itself. */
export function attentionOf(
  control: Control,
  inForce: PolicyInForce | undefined,
  now: Date,
  absent?: AbsentPolicyError,
): readonly string[] {
  const policy =
    control.policyVersion === undefined
      ? ["policy: no policy was pushed: nothing is stopped"]
      : inForce?.fellBack
        ? [`policy: ${fallbackText(inForce)}: ${inForce.fellBack.problem}`]
        : absent
          ? [`policy: ${absent.message}`]
          : [];
  return [
    ...policy,
    ...malformed(control.exemptions),
    ...weakened(control, now),
    ...leftDisabled(control),
    ...overdueHolds(control, now),
  ];
}
