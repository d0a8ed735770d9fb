import type { Refusal } from "../world/fault.ts";
import type { RequestAbout } from "../world/request.ts";
import { Refused } from "./reply.ts";

/** As Apify's messages call what a request is about. */
const CALLED: Readonly<Record<Exclude<RequestAbout, "account">, string>> = {
  actor: "Actor",
  task: "Actor task",
  run: "Actor run",
  schedule: "Schedule",
};

/** A refusal as Apify words it for what was asked for. */
export function refusedFor(because: Refusal, about: RequestAbout): Refused {
  switch (because) {
    case "token":
      return new Refused(
        401,
        "user-or-token-not-found",
        "User was not found or authentication token is not valid",
      );
    case "permissions":
      return new Refused(403, "insufficient-permissions", insufficient(about));
    case "monthly-limit":
      return new Refused(403, "platform-feature-disabled", "Monthly usage hard limit exceeded");
    case "not-found":
      return notFound(about);
  }
}

/** What is not there, or not the caller's to know of. */
export function notFound(about: RequestAbout): Refused {
  if (about === "account")
    return new Refused(404, "record-not-found", "The requested resource was not found.");
  const type = about === "actor" ? "record-or-token-not-found" : "record-not-found";
  return new Refused(404, type, `${CALLED[about]} was not found`);
}

/** Recorded for datasets, key-value stores and Actors; for the others by analogy. */
function insufficient(about: RequestAbout): string {
  if (about === "account") return "You do not have permission to perform this action.";
  return `Insufficient permissions for the ${CALLED[about]}. Make sure you're passing a correct API token and that it has the required permissions.`;
}
