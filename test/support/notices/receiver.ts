import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "../serve.ts";

export type Received = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

/** Somebody who is posted to, on this machine: what came, and how it is answered from now on. */
export type Receiver = {
  readonly url: string;
  readonly received: Received[];
  answer:
    | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
    | "hangs";
};

export async function receiver(): Promise<Receiver> {
  const received: Received[] = [];
  const url = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ path: request.url ?? "", headers: request.headers, body });
    const { answer } = self;
    if (answer === "hangs") return;
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body ?? "ok");
  });
  const self: Receiver = { url, received, answer: { status: 200 } };
  return self;
}

/** An address of this machine at which nobody listens any more. */
export async function nobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return `http://127.0.0.1:${port}`;
}
