import { notFound, refusedFor } from "../endpoints/refusals.ts";
import { plain, type Reply, refusal, success } from "../endpoints/reply.ts";
import type { Fault } from "../world/fault.ts";
import type { RequestAbout } from "../world/request.ts";

const PAGE =
  "<html><head><title>Service Unavailable</title></head><body><h1>Please try again</h1></body></html>";

/** What a caller gets (undefined: the connection dies), and what the endpoint answered if it was reached. */
type Spoiled = { readonly reply: Reply | undefined; readonly performed?: Reply };

/** Answers a request under a fault. `perform` has the effect; faults that come before the effect don't call it. */
export function spoiled(fault: Fault | undefined, about: RequestAbout, perform: () => Reply): Spoiled {
  const before = (reply: Reply | undefined): Spoiled => ({ reply });
  const after = (reply: Reply | undefined): Spoiled => ({ reply, performed: perform() });
  switch (fault?.kind) {
    case "status": {
      const { type = "internal-server-error", message = "Unexpected error" } = fault;
      return (fault.afterEffect ? after : before)(refusal(fault.status, type, message));
    }
    case "refused":
      return before(refusedFor(fault.because, about).reply);
    case "html":
      return (fault.afterEffect ? after : before)(plain(fault.status, PAGE, "text/html; charset=utf-8"));
    case "rate-limit": {
      const message = "You have exceeded the rate limit of 60 requests per second";
      return before(refusal(429, "rate-limit-exceeded", message));
    }
    case "young-404":
      return before(notFound("run").reply);
    case "reset":
    case "hang":
      return (fault.afterEffect ? after : before)(undefined);
    case "bad-json": {
      const performed = perform();
      const { body, contentType, status } = performed;
      return { reply: plain(status, body.slice(0, Math.floor(body.length / 2)), contentType), performed };
    }
    case "no-data":
      return after(plain(200, "{}"));
    case "empty-list": {
      const nothing = { total: 0, offset: 0, limit: 1_000, desc: false, count: 0, items: [] };
      return before(success(nothing, { shown: {} }));
    }
    case "partial-list": {
      const performed = perform();
      return { reply: withoutSome(performed, fault.leavesOut), performed };
    }
    default: {
      const performed = perform();
      return { reply: performed, performed };
    }
  }
}

/** A list of runs without the first and then each so-manieth item; anything else as it is. */
function withoutSome(reply: Reply, each: number): Reply {
  if (reply.shown === undefined) return reply;
  const { data } = JSON.parse(reply.body) as { readonly data: { readonly items: readonly { id: string }[] } };
  const items = data.items.filter((_, index) => index % each !== 0);
  const kept = new Set(items.map(({ id }) => id));
  const shown = Object.fromEntries(Object.entries(reply.shown).filter(([id]) => kept.has(id)));
  const leftOut = Object.keys(reply.shown).filter((id) => !kept.has(id));
  return { ...success({ ...data, count: items.length, items }, { shown }), leftOut };
}
