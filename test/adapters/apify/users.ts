import type { Apify } from "../../../src/watchdog/model/ports.ts";
import {
  data,
  fixedToken,
  never,
  type Respond,
  refusal,
  run,
  type Seen,
  type Step,
  scripted,
  WHO,
} from "./support.ts";

export const JANE = {
  id: "user1",
  username: "jane",
  proxy: { password: "pr0xyPassw0rd" },
  email: "jane@example.com",
};
export const JOE = { id: "user2", username: "joe" };
export const REFUSED = refusal(401, "user-or-token-not-found");
export const NOT_PERMITTED = refusal(403, "insufficient-permissions");
export const LIST = "/v2/actor-runs";
export const runsOf = (...userIds: readonly unknown[]): Step =>
  data({ items: userIds.map((userId, index) => run({ id: `run${index}`, userId })) });

export const tokenOf = ({ headers }: Seen): string => (headers.authorization ?? "").replace("Bearer ", "");
export const check = (expected?: string) => (apify: Apify) => apify.checkUser(expected, never);
export const readOne = (apify: Apify) => apify.readRun("run1", never);
export const abortOne = (apify: Apify) =>
  apify.abortRun({ runId: "run1", actorId: "actor1", gracefully: true }, never);

/** An account that knows these tokens, each with its user; `who` is how `users/me` answers, where not as it should. */
export const account =
  (users: Readonly<Record<string, object>>, who?: (user: object) => Step): Respond =>
  (request) => {
    const user = users[tokenOf(request)];
    if (user === undefined) return REFUSED;
    if (request.path === WHO) return who?.(user) ?? data(user);
    if (request.path === LIST) return runsOf("id" in user ? user.id : undefined);
    return data(run());
  };

export const open = (script: readonly Step[] | Respond, ...tokens: string[]) =>
  scripted(script, { who: "script", ...(tokens.length > 0 && { token: fixedToken(...tokens) }) });

export const everyCall: readonly [string, (apify: Apify) => Promise<unknown>][] = [
  ["listRuns", (apify) => apify.listRuns({}, never)],
  ["runsPage", (apify) => apify.runsPage({}, undefined, never)],
  ["readRun", readOne],
  ["actor", (apify) => apify.actor("actor1", never)],
  ["task", (apify) => apify.task("task1", never)],
  ["recentRuns", (apify) => apify.recentRuns({ kind: "actor", id: "actor1" }, ["SUCCEEDED"], never)],
  ["limits", (apify) => apify.limits(never)],
  ["monthlyUsage", (apify) => apify.monthlyUsage(never)],
  ["abortRun", abortOne],
  ["resurrectRun", (apify) => apify.resurrectRun("run1", {}, never)],
];
