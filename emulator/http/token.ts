import type { Users } from "../account/parts.ts";
import { Refused } from "../endpoints/reply.ts";
import type { User } from "../world/actor.ts";
import type { EmulatorRequest } from "./message.ts";

/** The token of the Authorization header or, failing that, of the query; undefined without one. */
export function givenToken(request: EmulatorRequest, url: URL): string | undefined {
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.toLowerCase() === "authorization" && /^bearer /i.test(value))
      return value.slice(7).trim() || undefined;
  }
  return url.searchParams.get("token") || undefined;
}

/** Whose token it is. Every token is the owner's, but for these two. */
export function userOf({ owner, stranger }: Users, token: string | undefined): User | undefined {
  if (token === undefined || token === "bad-token") return undefined;
  return token === "other-user" ? stranger : owner;
}

/** Refuses a bad token anywhere, and none where one is needed. */
export function refuseStrangers(token: string | undefined, tokenless: boolean): void {
  if (token === "bad-token") {
    const message = "User was not found or authentication token is not valid";
    throw new Refused(401, "user-or-token-not-found", message);
  }
  if (token === undefined && !tokenless) {
    throw new Refused(401, "token-not-provided", "Authentication token was not provided");
  }
}
