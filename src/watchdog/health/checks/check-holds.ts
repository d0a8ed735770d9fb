import { holdersIn, type Policy } from "../../../policy/index.ts";
import { messageOf } from "../../model/pass.ts";
import type { Ports } from "../../model/ports.ts";
import { type Check, failed, notKnown, passed } from "./check.ts";

const ID = "schedules";
const GRANT = "grant the token Read and Write on schedules, and Run on each Actor that they start";

/**
 * Where the policy holds schedules: may the token read them? Whether it may disable one only a hold can show, for to find
 * out takes a change.
 */
export async function checkHolds(
  { apify }: Pick<Ports, "apify">,
  policy: Policy | undefined,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const holders = policy ? holdersIn(policy) : [];
  if (policy === undefined || holders.length === 0) return [];
  const modes = holders.map((holder) => policy.rules.find(({ id }) => id === holder)?.mode ?? policy.mode);
  const isMeant = modes.includes("enforce");
  const ids = holders.join(", ");
  try {
    const schedules = await apify.listSchedules(signal);
    if (schedules === undefined)
      return [
        failed(
          ID,
          `${ids} ${isMeant ? "holds" : "would hold"} schedules, and the token may not list them`,
          GRANT,
        ),
      ];
    return [
      passed(
        ID,
        `the token may list the account's ${schedules.length} schedules; whether it may disable them only a hold can show: a scoped token needs Write on each, and Run on each Actor that it starts`,
      ),
    ];
  } catch (error) {
    return [
      notKnown(ID, `Apify did not answer: ${messageOf(error)}`, "once Apify can be asked, run this again"),
    ];
  }
}
