import { describe, expect, it } from "vitest";
import type { Apify } from "../../../src/watchdog/model/ports.ts";
import {
  data,
  failure,
  fixedToken,
  html,
  json,
  never,
  overHttp,
  refusal,
  run,
  type Step,
  scripted,
  serveAccount,
} from "./support.ts";

const CALL = { runId: "run/1", actorId: "jane~actor č", gracefully: true };
const abort = (apify: Apify) => apify.abortRun(CALL, never);

describe("abortRun()", () => {
  it.each([
    ["actor-runs", true, "https://apify.test/v2/actor-runs/run%2F1/abort?gracefully=true"],
    ["actor-runs", false, "https://apify.test/v2/actor-runs/run%2F1/abort?gracefully=false"],
    ["acts", true, "https://apify.test/v2/acts/jane~actor%20%C4%8D/runs/run%2F1/abort?gracefully=true"],
    ["acts", false, "https://apify.test/v2/acts/jane~actor%20%C4%8D/runs/run%2F1/abort?gracefully=false"],
  ] as const)("posts to %s, gracefully %s", async (abortEndpoint, gracefully, url) => {
    const { asked, requests } = scripted([data(run({ status: "ABORTING" }))], { abortEndpoint });
    const answer = await asked((apify) => apify.abortRun({ ...CALL, gracefully }, never));
    expect(answer).toEqual({ kind: "taken", status: "ABORTING" });
    expect(requests).toMatchObject([{ method: "POST", url }]);
  });

  it("goes by the run's id alone once acts has answered that the Actor has no such run", async () => {
    const gone = refusal(404, "record-not-found");
    const { apify, asked, requests } = scripted([gone, data(run({ status: "ABORTING" }))], {
      abortEndpoint: "acts",
    });
    expect(await asked(abort)).toMatchObject({ kind: "refused", status: 404, retryable: true });
    expect(await asked(() => abort(apify))).toEqual({ kind: "taken", status: "ABORTING" });
    expect(requests[1]?.url).toContain("/v2/actor-runs/run%2F1/abort");
    const plain = scripted([gone]);
    expect(await plain.asked(abort)).toMatchObject({ kind: "refused", status: 404, retryable: false });
  });

  const answers: [string, Step, object][] = [
    ["a run that is stopping", data(run({ status: "ABORTING" })), { kind: "taken", status: "ABORTING" }],
    ["a run that had ended", data(run({ status: "SUCCEEDED" })), { kind: "taken", status: "SUCCEEDED" }],
    ["200 without data", json(200, {}), { kind: "lost", reason: '200 and JSON without "data"' }],
    [
      "200 without a status",
      data({ id: "run/1" }),
      { kind: "lost", reason: `200 and "data" that can't be read as a run` },
    ],
    [
      "200 cut in half",
      json(200, '{"data":{'),
      { kind: "lost", reason: "200 and something that is no JSON" },
    ],
    ["200 of HTML", html(200), { kind: "lost", reason: "200 and a page of HTML instead of JSON" }],
    ["403 of HTML", html(403), { kind: "lost", reason: "403 and a page of HTML instead of JSON" }],
    ["500", refusal(500, "internal-server-error"), { kind: "lost", reason: "500 internal-server-error" }],
    ["502 without a body", json(502, ""), { kind: "lost", reason: "502 without a reason" }],
    ["503 of HTML", html(503), { kind: "lost", reason: "503 and a page of HTML instead of JSON" }],
    ["a redirect", json(302, ""), { kind: "lost", reason: "302 and a redirect, which is not followed" }],
    ["a reset", "reset", { kind: "lost", reason: "the connection failed (ECONNRESET)" }],
    ["silence", "hang", { kind: "lost", reason: "no answer within 10 s" }],
    [
      "429",
      refusal(429, "rate-limit-exceeded"),
      { kind: "refused", status: 429, type: "rate-limit-exceeded", retryable: true },
    ],
    [
      "400",
      refusal(400, "invalid-request"),
      { kind: "refused", status: 400, type: "invalid-request", retryable: false },
    ],
    [
      "404",
      refusal(404, "record-not-found"),
      { kind: "refused", status: 404, type: "record-not-found", retryable: false },
    ],
    [
      "403, which is of this run alone",
      refusal(403, "insufficient-permissions"),
      { kind: "refused", status: 403, type: "insufficient-permissions", retryable: false },
    ],
    [
      "405",
      refusal(405, "method-not-allowed"),
      { kind: "refused", status: 405, type: "method-not-allowed", retryable: false },
    ],
  ];
  it.each(answers)("sends one request and reports %s", async (_what, step, expected) => {
    const { apify, asked, requests } = scripted([step]);
    await asked((each) => each.checkUser("user1", never));
    apify.takeRequestCount();
    expect(await asked(abort)).toEqual(expected);
    expect(requests).toHaveLength(1);
    expect(apify.takeRequestCount()).toBe(1);
  });

  it("throws on a refused token after one request, and asks for no fresh one", async () => {
    const token = fixedToken("old-token", "new-token");
    const { asked, requests } = scripted([refusal(401, "user-or-token-not-found")], { token });
    expect(await failure(asked(abort))).toMatchObject({ status: 401, retryable: false, attempt: 1 });
    expect(requests).toHaveLength(1);
    expect(token.refreshes).toBe(0);
  });

  it("throws without sending when the signal has aborted before", async () => {
    const { asked, requests } = scripted([data(run())]);
    const error = await failure(asked((apify) => apify.abortRun(CALL, AbortSignal.abort())));
    expect(error).toMatchObject({ type: "no-answer", retryable: true, attempt: 0 });
    expect(String(error)).toContain("POST /v2/actor-runs/run%2F1/abort was not sent");
    expect(requests).toHaveLength(0);
  });

  it("throws without sending when the signal aborts while the token is fetched", async () => {
    const stop = new AbortController();
    const token = {
      ...fixedToken(),
      get: async () => {
        stop.abort();
        return "token";
      },
    };
    const { asked, requests } = scripted([data(run())], { token });
    expect(await failure(asked((apify) => apify.abortRun(CALL, stop.signal)))).toMatchObject({ attempt: 0 });
    expect(requests).toHaveLength(0);
  });

  it("is lost when the signal aborts while the answer is awaited", async () => {
    const stop = new AbortController();
    const { asked, requests } = scripted(() => {
      queueMicrotask(() => stop.abort());
      return "hang";
    });
    const answer = await asked((apify) => apify.abortRun(CALL, stop.signal));
    expect(answer).toEqual({ kind: "lost", reason: "the caller's time ran out" });
    expect(requests).toHaveLength(1);
  });

  it.each(["reset", "silence", "half an answer"])(
    "reaches the server once over HTTP although it meets %s",
    async (fault) => {
      let posts = 0;
      const baseUrl = await serveAccount((request, response) => {
        posts += 1;
        if (fault === "reset") request.socket.destroy();
        if (fault === "half an answer")
          response
            .writeHead(200, { "content-length": 100 })
            .write('{"data":', () => request.socket.destroy());
      });
      const apify = overHttp(baseUrl, { requestTimeoutMs: 300 });
      expect(await apify.abortRun(CALL, never)).toMatchObject({ kind: "lost" });
      expect(posts).toBe(1);
    },
  );
});
