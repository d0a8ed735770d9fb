import { holdOver, type Policy } from "../../policy/index.ts";
import { type Control, viewOf } from "../model/control.ts";
import { scheduleWords } from "../model/holds/hold.ts";
import { holdsOf } from "../model/holds/sources.ts";

/** What a policy would let go that is held now, and why: what was spent stays as it was when it was held. */
export const letGoBy = (control: Control, policy: Policy, now: Date): readonly string[] =>
  holdsOf(control).flatMap((hold) => {
    const why = holdOver(hold, { policy, control: viewOf(control), now });
    return why === undefined || hold.until <= now ? [] : [`${scheduleWords(hold)}: ${why}`];
  });
