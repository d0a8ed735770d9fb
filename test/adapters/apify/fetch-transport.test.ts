import { pipeline } from "node:stream";
import { describe, expect, it } from "vitest";
import { fetchTransport } from "../../../src/adapters/apify/index.ts";
import type { TokenSource } from "../../../src/watchdog/model/ports.ts";
import { serve } from "../../support/serve.ts";
import { failure, fixedToken, never, overHttp, run, serveAccount, TOKEN, textOf } from "./support.ts";

const apifyAt = (baseUrl: string, options: { token?: TokenSource; requestTimeoutMs?: number } = {}) =>
  overHttp(baseUrl, { random: () => 0, maxAttempts: 1, ...options });

describe("fetchTransport", () => {
  it("sends method and headers, and returns status, lower-case headers and the whole body", async () => {
    const seen: unknown[] = [];
    const url = await serve(({ method, headers, url: path }, response) => {
      seen.push({ method, path, authorization: headers.authorization, length: headers["content-length"] });
      response.writeHead(418, { "X-Thing": "Yes" }).write("čaj");
      setTimeout(() => response.end(" ano"), 20);
    });
    const request = {
      method: "POST",
      url: `${url}/a?b=c`,
      headers: { authorization: "Bearer x" },
      signal: never,
    };
    const answer = await fetchTransport(request);
    expect(answer).toMatchObject({ status: 418, headers: { "x-thing": "Yes" }, body: "čaj ano" });
    expect(seen).toEqual([{ method: "POST", path: "/a?b=c", authorization: "Bearer x", length: "0" }]);
  });

  it("takes no answer that is larger than 64 MiB", async () => {
    const url = await serveAccount((_request, response) => {
      const megabyte = Buffer.alloc(1024 * 1024, "x");
      const endless = function* () {
        for (;;) yield megabyte;
      };
      pipeline(endless, response.writeHead(200), () => undefined);
    });
    const error = await failure(apifyAt(url, { requestTimeoutMs: 60_000 }).readRun("run1", never));
    expect(error).toMatchObject({ type: "no-answer" });
    expect(String(error)).toContain("the connection failed (BODY_TOO_LARGE)");
  });
});

describe("the adapter over HTTP", () => {
  it("reads a run", async () => {
    const url = await serveAccount((_request, response) => response.end(JSON.stringify({ data: run() })));
    expect(await apifyAt(url).readRun("run1", never)).toMatchObject({
      kind: "found",
      run: { status: "RUNNING" },
    });
  });

  it("does not follow a redirect, so that the token stays here", async () => {
    const elsewhere: unknown[] = [];
    const target = await serve((request, response) => {
      elsewhere.push(request.headers);
      response.end(JSON.stringify({ data: run() }));
    });
    const url = await serveAccount((_request, response) =>
      response.writeHead(307, { location: target }).end(),
    );
    const error = await failure(apifyAt(url).readRun("run1", never));
    expect(error).toMatchObject({ status: 307, type: "redirected", retryable: false, attempt: 1 });
    expect(textOf(error)).not.toContain(TOKEN);
    await apifyAt(url).abortRun({ runId: "run1", actorId: "a", gracefully: true }, never);
    expect(elsewhere).toEqual([]);
  });

  it("ends the request on the server's side when the time is over, headers or not", async () => {
    for (const begun of [false, true]) {
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      const url = await serveAccount((_request, response) => {
        if (begun) response.writeHead(200).write('{"data":');
        response.once("close", resolve);
      });
      const error = await failure(apifyAt(url, { requestTimeoutMs: 100 }).readRun("run1", never));
      expect(error).toMatchObject({ type: "no-answer", retryable: true });
      await closed;
    }
  });

  it("ends the request when the caller's signal aborts", async () => {
    const stop = new AbortController();
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const url = await serveAccount((_request, response) => {
      response.once("close", resolve);
      stop.abort();
    });
    const error = await failure(apifyAt(url).readRun("run1", stop.signal));
    expect(error).toMatchObject({ type: "no-answer", retryable: true });
    await closed;
  });

  it("says where it looked and what happened when nobody is there", async () => {
    const url = await serve((request) => request.socket.destroy());
    const error = await failure(apifyAt(url).checkUser(undefined, never));
    expect((error as Error).message).toBe(
      `No answer from ${url} to GET /v2/actor-runs: the connection failed (UND_ERR_SOCKET). ` +
        "Check that APIFY_API_URL is right and can be reached from here.",
    );
    expect(textOf(error)).not.toContain(TOKEN);
  });

  it("does not show a token that no header can carry", async () => {
    const url = await serve((_request, response) => response.end());
    for (const bad of ["tok\nen-s3cret", "tokéŁ-s3cret"]) {
      const error = await failure(apifyAt(url, { token: fixedToken(bad) }).checkUser(undefined, never));
      expect(textOf(error)).not.toContain("s3cret");
    }
  });
});
