import type { EmulatorRequest } from "./emulator.ts";
import type { Platform } from "./platform.ts";
import { Refused } from "./reply.ts";
import type { User } from "./world.ts";

/** The token of the Authorization header or, failing that, of the query; undefined without one. */
export function givenToken(request: EmulatorRequest, url: URL): string | undefined {
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.toLowerCase() === "authorization" && /^bearer /i.test(value))
      return value.slice(7).trim() || undefined;
  }
  return url.searchParams.get("token") || undefined;
}

/** Whose token it is. Every token is the owner's, but for these two. */
export function userOf(platform: Platform, token: string | undefined): User | undefined {
  if (token === undefined || token === "bad-token") return undefined;
  return token === "other-user" ? platform.stranger : platform.owner;
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
