import type { Run } from "../../policy/index.ts";
import { alert, type Noting } from "../model/pass.ts";

/** Apify will not stop this run for this token (403): until a person mends that, nothing does. */
export function alertForbidden(
  noting: Pick<Noting, "attention">,
  { id, actorId }: Pick<Run, "id" | "actorId">,
  type: string,
): void {
  const why =
    type === "platform-feature-disabled"
      ? "a limit of the account is reached, for example its monthly usage. Raise it, or end the run in Apify Console"
      : `the token lacks the permission to run Actor ${actorId} (Run). Grant it, or use a token without a scope`;
  alert(noting, `permission: run ${id}`, `can't be stopped: Apify answered 403 ${type}, for ${why}`);
}
