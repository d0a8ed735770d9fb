import type { Notice } from "../model/notice.ts";

/** Whose step of which rule it is, and by which basis: 50 % spent and 100 % foreseen are two things to know. */
function ladderOf({ kind, run, rule, evidence }: Notice): string | undefined {
  if (kind !== "step.notified" || rule?.step === undefined) return undefined;
  const { group, from } = evidence?.budget ?? {};
  return JSON.stringify([run?.id, rule.id, rule.step.basis, evidence?.metric, group, from]);
}

/** Of several steps that one run or budget has passed of a rule, the highest; everything else as it is. */
export function highestSteps(notices: readonly Notice[]): readonly Notice[] {
  const highest = new Map<string, Notice>();
  for (const notice of notices) {
    const ladder = ladderOf(notice);
    const known = ladder === undefined ? undefined : highest.get(ladder);
    if (ladder === undefined || (known?.rule?.step?.at ?? 0) > (notice.rule?.step?.at ?? 0)) continue;
    highest.set(ladder, notice);
  }
  return notices.filter((notice) => {
    const ladder = ladderOf(notice);
    return ladder === undefined || highest.get(ladder) === notice;
  });
}
