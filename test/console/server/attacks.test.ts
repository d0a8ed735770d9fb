import { describe, expect, it } from "vitest";
import { API } from "../../../console/api.ts";
import { accountConsole, send, sendRaw } from "../support.ts";

/** All that is served, as the code has it. */
const PATHS: readonly string[] = ["/", "/app.js", "/app.css", ...Object.values(API)];
const QUERY = "?run=x&rule=x&entry=x";

describe("the console's server, attacked", () => {
  it.each(PATHS)("gives nothing of %s without the cookie, nor with one like it", async (path) => {
    const { port, cookie } = await accountConsole();
    const [name = ""] = cookie.split("=");
    const others = [
      "",
      `${name}=x`,
      `${name}=`,
      `x${cookie}`,
      cookie.toUpperCase(),
      `${name}x=${cookie.split("=")[1]}`,
    ];
    for (const method of ["GET", "POST"])
      for (const other of others) {
        const answer = await send(port, path + QUERY, { method, headers: { cookie: other } });
        expect([answer.status, answer.headers["set-cookie"]], `${method} ${other}`).toEqual([401, undefined]);
      }
  });

  it("knows its own cookie among others, one of its name that another port has set included", async () => {
    const { port, cookie } = await accountConsole();
    const [name = ""] = cookie.split("=");
    const headers = { cookie: `a=b; ${name}=planted; ${cookie}; c="d"` };
    expect((await send(port, "/", { headers })).status).toBe(200);
  });

  it.each([
    "evil.test",
    "evil.test:PORT",
    "localhost:PORT",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.1.evil.test:PORT",
    "[::1]:PORT",
    "0.0.0.0:PORT",
  ])("answers to no name but its own, whatever DNS says: Host %s", async (name) => {
    const { port, cookie } = await accountConsole();
    const host = name.replace("PORT", String(port));
    for (const path of PATHS) {
      const answer = await send(port, path, { headers: { host, cookie } });
      expect(answer.status, path).toBe(421);
    }
  });

  it("takes one Host alone, and no address in the place of a path", async () => {
    const { port, host, cookie } = await accountConsole();
    const twice = `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: evil.test\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`;
    expect(await sendRaw(port, twice)).toMatch(/^HTTP\/1.1 4/);
    const none = `GET / HTTP/1.0\r\nCookie: ${cookie}\r\n\r\n`;
    expect(await sendRaw(port, none)).toMatch(/^HTTP\/1.1 421/);
    const absolute = `GET http://evil.test/ HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`;
    expect(await sendRaw(port, absolute)).toMatch(/^HTTP\/1.1 404/);
    const tunnel = `CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    expect(await sendRaw(port, tunnel)).toBe("");
  });

  it.each([
    { origin: "https://evil.test" },
    { origin: "null" },
    { origin: "http://127.0.0.1" },
    { origin: "http://127.0.0.1:1" },
    { origin: "http://localhost:PORT" },
    { origin: "https://127.0.0.1:PORT" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "x" },
  ])("answers no other page, though the browser sends the cookie: %j", async (sent) => {
    const { port, cookie, writing } = await accountConsole();
    const headers = JSON.parse(JSON.stringify(sent).replace("PORT", String(port)));
    for (const path of PATHS)
      for (const method of ["GET", "POST"]) {
        const answer = await send(port, path + QUERY, {
          method,
          headers: { ...writing, cookie, ...headers },
        });
        expect(answer.status, `${method} ${path}`).toBe(403);
      }
  });

  it("answers no preflight, and lets no other page read anything", async () => {
    const { port, cookie } = await accountConsole();
    for (const origin of ["https://evil.test", `http://127.0.0.1:${port}`]) {
      const headers = { cookie, origin, "access-control-request-method": "POST" };
      for (const path of PATHS) {
        const answer = await send(port, path, { method: "OPTIONS", headers });
        expect(answer.status).toBeGreaterThanOrEqual(403);
        const allowing = Object.keys(answer.headers).filter((name) => name.startsWith("access-control"));
        expect(allowing).toEqual([]);
      }
    }
  });

  it("can't be framed, sniffed or kept, and loads nothing from elsewhere: on every answer, refusals too", async () => {
    const { port, cookie } = await accountConsole();
    const answers = [
      await send(port, "/"),
      await send(port, "/", { headers: { cookie } }),
      await send(port, "/app.js", { headers: { cookie } }),
      await send(port, API.sources, { headers: { cookie } }),
      await send(port, "/nothing", { headers: { cookie } }),
      await send(port, "/", { headers: { host: "evil.test" } }),
      await send(port, API.act, { method: "POST", headers: { cookie } }),
    ];
    for (const { headers } of answers) {
      const policy = String(headers["content-security-policy"]).split("; ");
      expect(policy).toEqual(
        expect.arrayContaining([
          ...["default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"],
        ]),
      );
      expect(policy.join()).not.toMatch(/unsafe|\*|http|data:/);
      expect(headers).toMatchObject({
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cache-control": "no-store",
      });
    }
  });

  it.each(["PUT", "PATCH", "DELETE", "HEAD", "TRACE", "PROPFIND"])("takes no %s", async (method) => {
    const { port, writing } = await accountConsole();
    for (const path of PATHS) {
      const answer = await send(port, path, { method, headers: writing });
      expect(answer.status, path).toBe(405);
      expect(answer.headers.allow).toMatch(/^(GET|POST)$/);
    }
  });

  it("takes each path by its own method alone", async () => {
    const { port, writing } = await accountConsole();
    for (const path of PATHS) {
      const isWrite = path === API.plan || path === API.act;
      const answer = await send(port, path, { method: isWrite ? "GET" : "POST", headers: writing });
      expect(answer.status, path).toBe(405);
    }
  });

  it.each([
    "/..%2f..%2fetc%2fpasswd",
    "/../package.json",
    "/app.js/",
    "/app.js%00",
    "/./app.js",
    "//app.js",
    "/APP.JS",
    "/app.js;x",
    "/%61pp.js",
    "/api/../app.js",
    "/api/act/",
    "/API/ACT",
    "/__proto__",
    "/constructor",
    "*",
  ])("serves no file that it does not name: %s", async (path) => {
    const { port, cookie } = await accountConsole();
    expect((await send(port, path, { headers: { cookie } })).status).toBe(404);
  });

  it("puts nothing of a request into a header or a page", async () => {
    const { port, host, cookie } = await accountConsole();
    const sent = "/%0d%0aX-Injected:%20yes?token=%0d%0aSet-Cookie:%20a=b&run=<script>alert(1)</script>";
    const answer = await send(port, sent.replaceAll("<", "%3C"), { headers: { cookie } });
    expect(answer.headers).not.toHaveProperty("x-injected");
    expect(answer.headers["set-cookie"]).toBeUndefined();
    expect(answer.body).not.toMatch(/script|Injected/);
    const raw = `GET /?token=\rSet-Cookie:a HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    expect(await sendRaw(port, raw)).toMatch(/^HTTP\/1.1 4/);
  });

  it("cuts off who sends too much, or too slowly", async () => {
    const limits = { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 };
    const { port, host, writing } = await accountConsole({ limits });
    const long = `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`;
    expect(await sendRaw(port, long)).toMatch(/^HTTP\/1.1 431/);
    expect(await sendRaw(port, `GET / HTTP/1.1\r\nHost: ${host}\r\n`)).toMatch(/^HTTP\/1.1 408/);
    const lines = Object.entries(writing).map(([name, value]) => `${name}: ${value}\r\n`);
    const begun = `POST ${API.plan} HTTP/1.1\r\nHost: ${host}\r\n${lines.join("")}Content-Length: 20\r\n\r\n{"act"`;
    expect(await sendRaw(port, begun)).toMatch(/^HTTP\/1.1 408/);
  });
});
