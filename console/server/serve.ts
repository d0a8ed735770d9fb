import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Asking } from "./asking.ts";
import type { Asset } from "./assets.ts";
import { checkCookie, checkOrigin, SAFE_HEADERS } from "./guard.ts";
import { News } from "./news.ts";
import { Refusal } from "./refusal.ts";
import { sendRefusal } from "./respond.ts";
import { routesOf } from "./routes.ts";
import { Session } from "./session.ts";

/** The one address that it is bound to. */
export const HOST = "127.0.0.1";

type Options = {
  readonly asking: Asking;
  readonly assets: ReadonlyMap<string, Asset>;
  /** 0 takes any free one. */
  readonly port: number;
  readonly canAct: boolean;
  /** Others than `LIMITS`. */
  readonly limits?: Partial<typeof LIMITS>;
};

export type Served = {
  /** The address to open, with the token that works once. */
  readonly url: string;
  /** Waits for what is being done, and ends everything else. */
  close(): Promise<void>;
};

/** What a request may take of time and place; all that is asked for is small, and comes from this machine. */
const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  /** How often the timeouts are looked at. */
  connectionsCheckingInterval: 1_000,
};
const MOST_CONNECTIONS = 256;

/** Serves the console on this machine alone. Throws what listening throws, `EADDRINUSE` for a port that is taken. */
export async function serveConsole({
  asking,
  assets,
  port: wanted,
  canAct,
  limits,
}: Options): Promise<Served> {
  const server = createServer({ ...LIMITS, ...limits });
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: wanted, host: HOST, exclusive: true }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const authority = `${HOST}:${port}`;
  const session = new Session(port);
  const news = new News(asking);
  const doing = new Set<Promise<unknown>>();
  const routes = routesOf({ asking, assets, session, canAct, news, doing });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SAFE_HEADERS)) response.setHeader(name, value);
    checkOrigin(request, authority);
    const written = request.url ?? "";
    const [path = ""] = written.split("?", 1);
    const query = new URLSearchParams(written.slice(path.length));
    const token = query.get("token");
    if (path === "/" && token !== null && request.method === "GET") {
      const cookie = session.exchange(token);
      if (cookie !== undefined) response.setHeader("Set-Cookie", cookie);
      // One that was used already still leads in, where it was used.
      else checkCookie(request, session);
      response.writeHead(303, { Location: "/" }).end();
      return;
    }
    checkCookie(request, session);
    const route = routes.get(path);
    if (route === undefined) throw new Refusal(404, "There is no such page here.");
    if (request.method !== route.method)
      throw new Refusal(405, `This takes ${route.method} alone.`, { Allow: route.method });
    await route.answer(request, response, query);
  }

  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const done = answer(request, response)
      .catch((error: unknown) => {
        if (response.headersSent) return void response.destroy();
        // Which fault of ours it was is nothing for who asked.
        const refusal =
          error instanceof Refusal ? error : new Refusal(500, "The console failed to answer this.");
        sendRefusal(response, refusal);
      })
      .finally(() => doing.delete(done));
    doing.add(done);
  });

  return {
    url: `http://${authority}/?token=${session.token}`,
    async close() {
      news.close();
      server.close();
      await Promise.allSettled(doing);
      server.closeAllConnections();
    },
  };
}
