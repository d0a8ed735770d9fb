import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { onTestFinished } from "vitest";
import type { Connection } from "../../cli/command.ts";
import { askingOn } from "../../cli/console/asking.ts";
import { Args } from "../../cli/options/args.ts";
import { runCli } from "../../cli/run-cli.ts";
import { SESSION_HEADER } from "../../console/api.ts";
import type { Asking } from "../../console/server/asking.ts";
import { assetOf } from "../../console/server/assets.ts";
import { serveConsole } from "../../console/server/serve.ts";
import { fiveUsd } from "../support/policies.ts";
import { type Watched, watch } from "../support/watch.ts";
import { HEALTHY, OVER_5_USD, worldOf } from "../support/world.ts";

/** The commands themselves, on a pretend account. */
export function askingOf(watched: Watched, changes: Partial<Connection> = {}) {
  const open = async (): Promise<Connection> => ({
    ports: watched.ports,
    target: { kind: "folder", name: "the test's", account: watched.ports.account },
    hasApify: true,
    operator: async () => "ann@laptop",
    close: async () => undefined,
    ...changes,
  });
  return askingOn(
    new Args({}),
    (argv, asked) => watched.run(runCli(argv, { env: {}, version: "0.0.0", ...asked })),
    open,
  );
}

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type Sent = {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
};

/** Sends one request as it is written, whatever its Host: what `fetch` forbids pages, attackers need not keep to. */
export const send = (port: number, path: string, { method = "GET", headers = {}, body }: Sent = {}) =>
  new Promise<Answer>((resolve, reject) => {
    const sent = httpRequest({ host: "127.0.0.1", port, path, method, headers, agent: false });
    sent.once("error", reject);
    sent.once("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => {
        const { statusCode: status = 0, headers: given } = response;
        resolve({ status, headers: given, body: Buffer.concat(chunks).toString() });
      });
    });
    sent.end(body);
  });

/** Sends bytes, and returns all that comes back until the other side closes. */
export const sendRaw = (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.once("error", reject);
    socket.once("close", () => resolve(answer));
  });

/** The files of a page; what is in the built ones is nothing to the server. */
const ASSETS = new Map([
  ["/app.js", assetOf("text/javascript; charset=utf-8", "1;")],
  ["/app.css", assetOf("text/css; charset=utf-8", "p{}")],
]);

type ServeOptions = {
  readonly canAct?: boolean;
  readonly limits?: Parameters<typeof serveConsole>[0]["limits"];
};

async function served(asking: Asking, { canAct = true, limits = {} }: ServeOptions) {
  const { url, close } = await serveConsole({ asking, assets: ASSETS, port: 0, canAct, limits });
  onTestFinished(close);
  const { port, host, origin, searchParams } = new URL(url);
  return { port: Number(port), host, origin, token: searchParams.get("token") ?? "" };
}

/** A console for the length of one test, and a browser that has opened its address. */
export async function opened(asking: Asking, options: ServeOptions = {}) {
  const { port, host, origin, token } = await served(asking, options);
  const entered = await send(port, `/?token=${token}`);
  const [cookie = ""] = (entered.headers["set-cookie"] ?? [""]).map((each) => each.split(";")[0] ?? "");
  const page = (await send(port, "/", { headers: { cookie } })).body;
  const [, session = ""] = /data-session="([^"]+)"/.exec(page) ?? [];
  /** What the page sends with each write. */
  const writing = { cookie, origin, [SESSION_HEADER]: session, "content-type": "application/json" };
  return { port, token, host, origin, entered, cookie, session, page, writing };
}

/** A run over its limit that was stopped, and a healthy one. */
export async function account(): Promise<Watched> {
  const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: fiveUsd() });
  await watched.ticks(3);
  return watched;
}

export const accountConsole = async (options: ServeOptions = {}) => {
  const watched = await account();
  return { watched, ...(await opened(askingOf(watched), options)) };
};

/** One whose address nobody has opened. */
export const unopened = async () => served(askingOf(await account()), {});
