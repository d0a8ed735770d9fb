import type { IncomingMessage, ServerResponse } from "node:http";
import { API } from "../api.ts";
import type { Asking } from "./asking.ts";
import { type Asset, assetOf, pageHtml } from "./assets.ts";
import { carryOut } from "./carry-out.ts";
import { EventStream } from "./event-stream.ts";
import { checkWrite } from "./guard.ts";
import type { News } from "./news.ts";
import { answerOf, named, QUESTION_PATHS } from "./questions.ts";
import { readJson } from "./read-json.ts";
import { Refusal } from "./refusal.ts";
import { sendAsset, sendJson } from "./respond.ts";
import type { Session } from "./session.ts";
import { WhatIf } from "./what-if.ts";

export type Place = {
  readonly asking: Asking;
  readonly session: Session;
  readonly canAct: boolean;
  readonly assets: ReadonlyMap<string, Asset>;
  readonly news: News;
  /** What is being done, and must not be cut short. */
  readonly doing: Set<Promise<unknown>>;
};

type Answering = (
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
) => void | Promise<void>;

type Route = { readonly method: "GET" | "POST"; readonly answer: Answering };

/** As many pages as may listen at once: a browser opens six connections at most, and an act needs one that is free. */
const MOST_LISTENERS = 4;

/** All that is served, by path. A path is compared as it was written: nothing in it is decoded, or resolved. */
export function routesOf({
  asking,
  session,
  canAct,
  assets,
  news,
  doing,
}: Place): ReadonlyMap<string, Route> {
  const page = assetOf("text/html; charset=utf-8", pageHtml({ session: session.write, canAct }));
  let listeners = 0;
  const get = (answer: Answering): Route => ({ method: "GET", answer });
  const write = (isPlan: boolean): Route => ({
    method: "POST",
    async answer(request, response) {
      checkWrite(request, { session, canAct });
      const work = carryOut(await readJson(request), asking, { isPlan });
      doing.add(work);
      try {
        sendJson(response, await work);
      } finally {
        doing.delete(work);
        if (!isPlan) news.refresh();
      }
    },
  });
  const listen: Answering = (_request, response) => {
    if (listeners >= MOST_LISTENERS) throw new Refusal(503, "Too many pages listen: close some of them.");
    listeners += 1;
    const closed = (): void => {
      listeners -= 1;
      leave();
    };
    const stream = new EventStream(response, { now: () => asking.now(), closed });
    const leave = news.listen((event) => stream.send("part", event.name, event));
  };
  const whatIf = new WhatIf(asking);
  const tryLimit: Answering = async (_request, response, query) => {
    if (!query.has("rule")) return sendJson(response, { policy: await whatIf.inForce() });
    const rule = named(query, "rule");
    if (query.has("limit"))
      return sendJson(response, { policy: await whatIf.policy(rule, named(query, "limit")) });
    sendJson(response, { front: await whatIf.front(rule) });
  };
  return new Map([
    ["/", get((request, response) => sendAsset(request, response, page))],
    ...[...assets].map(
      ([path, asset]) => [path, get((request, response) => sendAsset(request, response, asset))] as const,
    ),
    [API.news, get(listen)],
    ...QUESTION_PATHS.map(
      (path) =>
        [
          path,
          get(async (_request, response, query) => sendJson(response, await answerOf(path, query, asking))),
        ] as const,
    ),
    [API.whatIf, get(tryLimit)],
    [API.plan, write(true)],
    [API.act, write(false)],
  ]);
}
