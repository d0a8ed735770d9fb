import { describe, expect, it } from "vitest";
import { accountConsole, send, unopened } from "../support.ts";

describe("the address that is printed", () => {
  it("leads to the page with a cookie that no script, no other site and no other path can use", async () => {
    const { entered, token, port, cookie, page } = await accountConsole();
    expect(token).toMatch(/^[\w-]{16,}$/);
    expect(entered.status).toBe(303);
    expect(entered.headers.location).toBe("/");
    expect(entered.headers["set-cookie"]).toEqual([`${cookie}; Path=/; HttpOnly; SameSite=Strict`]);
    // Cookies are all ports' of a machine: two consoles must not take each other's away.
    expect(cookie).toMatch(new RegExp(`^watchdog-${port}=[\\w-]{16,}$`));
    expect(page).toContain('src="/app.js"');
  });

  it("works once: who has read it over a shoulder or out of a history gets nothing", async () => {
    const { port, token } = await accountConsole();
    const stolen = await send(port, `/?token=${token}`);
    expect(stolen.status).toBe(401);
    expect(stolen.headers["set-cookie"]).toBeUndefined();
    expect(stolen.body).toContain("start the console again");
  });

  it("still leads to the page in the browser where it was opened", async () => {
    const { port, token, cookie } = await accountConsole();
    const again = await send(port, `/?token=${token}`, { headers: { cookie } });
    expect([again.status, again.headers.location]).toEqual([303, "/"]);
    expect(again.headers["set-cookie"]).toBeUndefined();
  });

  it.each(["", "x", "x".repeat(32), "%00", "🙂"])("is no other: %j", async (token) => {
    const { port } = await unopened();
    const guessed = await send(port, `/?token=${encodeURIComponent(token)}`);
    expect([guessed.status, guessed.headers["set-cookie"]]).toEqual([401, undefined]);
  });

  it("is not used up by who may not use it: another site's link, a name that was bound to this machine, another method", async () => {
    const { port, token } = await unopened();
    const tries = [
      { headers: { "sec-fetch-site": "cross-site" } },
      { headers: { "sec-fetch-site": "same-site" } },
      { headers: { host: `evil.test:${port}` } },
      { method: "POST" },
      { method: "HEAD" },
    ];
    for (const each of tries)
      expect((await send(port, `/?token=${token}`, each)).status).toBeGreaterThan(400);
    expect((await send(port, `/?token=${token}`)).status).toBe(303);
  });

  it("gives no secret of the three for another, and is in nothing that is sent afterwards", async () => {
    const { port, token, cookie, session, page, entered } = await accountConsole();
    const secret = cookie.split("=")[1] ?? "";
    expect(new Set([token, secret, session]).size).toBe(3);
    expect(page).not.toContain(token);
    expect(page).not.toContain(secret);
    // So no Referer has it, not even to this server.
    expect(entered.headers["referrer-policy"]).toBe("no-referrer");
    expect(entered.headers["cache-control"]).toBe("no-store");
    const refused = await send(port, `/?token=${token}`);
    expect(JSON.stringify(refused)).not.toContain(token);
  });
});
