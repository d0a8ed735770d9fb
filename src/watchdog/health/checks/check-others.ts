import type { Deployment } from "../../model/deployed/deployment.ts";
import { type Check, failed, judged, notKnown, passed } from "./check.ts";

const ID = "second-watchdog";

/**
 * Is this the only watchdog of its Apify user? Seen are those in the same tables, and those that stacks of this AWS account
 * and region point to. In other regions and accounts none can be seen: watchdogs have no place in common there except the
 * Apify account, in which none of them writes anything, so that a token that may only read and abort runs is enough.
 */
export async function checkOthers(deployment: Deployment, apifyUserId: string | undefined): Promise<Check> {
  if (apifyUserId === undefined)
    return notKnown(
      ID,
      "no tick has seen yet which Apify user this is",
      "run this again after the first tick",
    );
  return judged(ID, await deployment.others(), (others) => {
    const same = others.filter((each) => each.apifyUserId === apifyUserId);
    const named = same.map(({ stack, account }) => `account ${account} of ${stack}`).join(", ");
    if (same.length > 0)
      return failed(
        ID,
        `${named} watches Apify user ${apifyUserId} too: a run is stopped by the stricter of both policies, and neither counts the other's stops in its limits`,
        "destroy one of them, or give it the token of another Apify user",
      );
    const unseen = others.filter((each) => each.apifyUserId === undefined).length;
    const more = unseen > 0 ? `, ${unseen} of which the Apify user is unknown` : "";
    return passed(
      ID,
      `none among ${others.length} others of this AWS account and region${more}; in other regions and AWS accounts none can be seen`,
    );
  });
}
