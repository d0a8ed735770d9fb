import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What to do with a request: `pass` it on, answer with an `error` of DynamoDB or never (`hang`), or pass it on and `lose` the answer. */
export type Fate =
  | { readonly kind: "pass" }
  | { readonly kind: "lose" }
  | { readonly kind: "hang" }
  | { readonly kind: "error"; readonly status: number; readonly type: string; readonly more?: object };

export type Seen = { readonly operation: string; readonly body: Record<string, unknown> };

/** Stands between a client and a DynamoDB, and decides the fate of each request. */
export async function startProxy(target: string, fateOf: (seen: Seen) => Fate) {
  const requests: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    const operation = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
    const seen = { operation, body: JSON.parse(text) as Record<string, unknown> };
    requests.push(seen);
    const fate = fateOf(seen);
    if (fate.kind === "hang") return;
    if (fate.kind === "error") {
      const error = {
        __type: `com.amazonaws.dynamodb.v20120810#${fate.type}`,
        message: fate.type,
        ...fate.more,
      };
      response
        .writeHead(fate.status, { "content-type": "application/x-amz-json-1.0" })
        .end(JSON.stringify(error));
      return;
    }
    const headers = {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": String(request.headers["x-amz-target"]),
      authorization: String(request.headers.authorization),
      "x-amz-date": String(request.headers["x-amz-date"]),
    };
    const answer = await fetch(target, { method: "POST", headers, body: text });
    const content = await answer.text();
    if (fate.kind === "lose") request.socket.destroy();
    else response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" }).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
