import { unknownName } from "../account/directory.ts";
import type { Users } from "../account/parts.ts";
import { refusedFor } from "../endpoints/refusals.ts";
import { Refused } from "../endpoints/reply.ts";
import { holdsAt } from "../ground/during.ts";
import type { User } from "../runs/actor.ts";
import type { TokenSpec } from "../world/token.ts";
import type { World } from "../world/world.ts";
import type { EmulatorRequest } from "./message.ts";
import { fits, type Requested } from "./requested.ts";

/** The token of the Authorization header or, failing that, of the query; undefined without one. */
export function givenToken(request: EmulatorRequest, url: URL): string | undefined {
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.toLowerCase() === "authorization" && /^bearer /i.test(value))
      return value.slice(7).trim() || undefined;
  }
  return url.searchParams.get("token") || undefined;
}

/** The tokens that a world names, by their text; instants from its start. */
export type Tokens = Readonly<Record<string, TokenSpec>>;

/** The world's tokens. Throws when one belongs to a user that the world does not have. */
export function checkedTokens(
  world: Pick<World, "name" | "tokens">,
  { users }: Pick<Users, "users">,
): Tokens {
  const tokens = world.tokens ?? {};
  for (const [token, { user }] of Object.entries(tokens)) {
    if (user === undefined || users.some(({ username }) => username.first === user)) continue;
    throw new Error(unknownName(world.name, `the token ${token}`, "user", user));
  }
  return tokens;
}

/** Whose token it is; undefined for none, and for one that does not work at this instant of the world. */
export function userOf(
  { owner, stranger, users }: Users,
  tokens: Tokens,
  token: string | undefined,
  worldMs: number,
): User | undefined {
  if (token === undefined || token === "bad-token") return undefined;
  const spec = tokens[token];
  if (!spec) return token === "other-user" ? stranger : owner;
  if (!holdsAt(spec, worldMs)) return undefined;
  return spec.user === undefined ? owner : users.find(({ username }) => username.first === spec.user);
}

/** Refuses a token that does not work anywhere, none where one is needed, and what a scoped one may not do. */
export function refuseStrangers(
  user: User | undefined,
  tokens: Tokens,
  request: Requested,
  tokenless: boolean,
): void {
  const { token, about } = request;
  if (token === undefined) {
    if (tokenless) return;
    throw new Refused(401, "token-not-provided", "Authentication token was not provided");
  }
  if (user === undefined) throw refusedFor("token", about);
  const { only, except = [] } = tokens[token] ?? {};
  const isMeant = (match: Parameters<typeof fits>[0]) => fits(match, request);
  if (except.some(isMeant) || (only && !only.some(isMeant))) throw refusedFor("permissions", about);
}
