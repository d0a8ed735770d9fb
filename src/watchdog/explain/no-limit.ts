import type { Judgement, Observation } from "../../policy/index.ts";
import { openWords } from "./explain-words.ts";

/** What one rule lacks to give the run a limit; `undefined`: it is just not meant for it. */
function lacks(judgement: Judgement): string | undefined {
  if (judgement.applies === "yes")
    return judgement.verdict.kind === "unknown" ? `not known: ${judgement.verdict.reason}` : undefined;
  const { applies, because } = judgement;
  return applies === "unresolved" || applies === "untold" ? `not known: ${openWords(because)}` : undefined;
}

/** Why none of the rules, as they judge the run, gives it a limit: `Standby: no rule names it`. */
export function whyNoLimit(judgements: readonly Judgement[], { run }: Observation): string {
  if (judgements.length === 0) return "no policy was pushed";
  const [lack] = judgements.flatMap((each) => lacks(each) ?? []);
  if (lack !== undefined) return lack;
  if (run.origin === "STANDBY") return "Standby: no rule names it";
  const isSome = (applies: Judgement["applies"]): boolean =>
    judgements.some((each) => each.applies === applies);
  if (isSome("not-scheduled")) return "outside the schedule of its rules";
  return isSome("not-in-this-status") ? `no rule limits a run in ${run.status}` : "no rule is for it";
}
