import type { Platform } from "../account/platform.ts";
import type { Ask } from "../endpoints/ask.ts";
import { Refused, type Reply } from "../endpoints/reply.ts";
import { statusAt } from "../runs/timeline.ts";
import type { Call } from "../truth/call.ts";
import type { DateSetting } from "../world/date.ts";
import type { Fault } from "../world/fault.ts";
import { dateHeaders } from "./date.ts";
import type { FaultPlan } from "./fault-plan.ts";
import type { EmulatorRequest, EmulatorResponse } from "./message.ts";
import { requested } from "./requested.ts";
import { route } from "./routes.ts";
import { spoiled } from "./spoil.ts";
import { givenToken, refuseStrangers, type Tokens, userOf } from "./token.ts";

/** What requests are served with. */
export type Service = {
  readonly platform: Platform;
  readonly tokens: Tokens;
  readonly dates: readonly DateSetting[];
  readonly faults: FaultPlan;
  /** Every request so far: this fills it. */
  readonly calls: Call[];
};

/** Serves one request: finds the endpoint, lets a fault strike, has the effect, and writes the call down. */
export function serve(
  { platform, tokens, dates, faults, calls }: Service,
  request: EmulatorRequest,
): EmulatorResponse {
  const nowMs = platform.settle();
  const worldMs = nowMs - platform.startedAtMs;
  const url = new URL(request.url, "http://emulator");
  const query = url.searchParams;
  const token = givenToken(request, url);
  const user = userOf(platform, tokens, token, worldMs);
  const routed = attempt(() => route((query.get("method") ?? request.method).toUpperCase(), url.pathname));
  const { endpoint, path } =
    "reply" in routed ? { endpoint: undefined, path: {} as Ask["path"] } : routed.value;
  const kind = endpoint?.kind ?? "unknown";
  const about = requested({ kind, path, token, user }, platform, nowMs);
  const statusBefore = about.run && statusAt(about.run, nowMs);

  const fault = faults.take({ ...about, nowMs });
  const asOfMs = fault?.kind === "lagging" ? nowMs - fault.byMs : nowMs;
  const ask: Ask = { nowMs, asOfMs, user, path, query, body: request.body };
  const { reply, performed } = spoiled(fault, about.about, () => {
    if ("reply" in routed) return routed.reply;
    const answered = attempt(() => {
      refuseStrangers(user, tokens, about, routed.value.endpoint.tokenless ?? false);
      return routed.value.endpoint.perform(ask, platform);
    });
    return "reply" in answered ? answered.reply : answered.value;
  });

  const runId = path.run ?? performed?.runId;
  const gracefully = ["1", "true"].includes(query.get("gracefully") ?? "");
  calls.push({
    atMs: nowMs,
    kind,
    ...(runId === undefined ? {} : { runId }),
    ...(path.schedule === undefined ? {} : { scheduleId: path.schedule }),
    ...(kind === "abort" ? { gracefully } : {}),
    status: reply?.status ?? "reset",
    effect: performed?.effect ?? "none",
    ...(performed ? {} : { neverArrived: true as const }),
    ...(statusBefore === undefined ? {} : { statusBefore }),
    ...(reply?.shown ? { shown: reply.shown } : {}),
    ...(asOfMs === nowMs ? {} : { asOfMs }),
    ...(reply?.leftOut ? { leftOut: reply.leftOut } : {}),
    authorised: user !== undefined,
    ...(user ? { userId: user.id } : {}),
  });
  const delayMs = delayOf(fault);
  if (!reply) return { kind: "reset", delayMs };
  // The ceiling per resource and second, as documented; Apify tells nothing of what remains.
  const dated = dateHeaders(dates, about, { nowMs, worldMs });
  const headers = { ...dated, "content-type": reply.contentType, "x-ratelimit-limit": "60" };
  return { kind: "answer", status: reply.status, headers, body: reply.body, delayMs };
}

function attempt<T>(act: () => T): { value: T } | { reply: Reply } {
  try {
    return { value: act() };
  } catch (error) {
    if (error instanceof Refused) return { reply: error.reply };
    throw error;
  }
}

/** After so long a load balancer gives up a connection on which nothing moves. */
const HANGS_FOR_MS = 300_000;

function delayOf(fault: Fault | undefined): number {
  if (fault?.kind === "hang") return HANGS_FOR_MS;
  return fault?.kind === "slow" || fault?.kind === "reset" ? (fault.delayMs ?? 0) : 0;
}
