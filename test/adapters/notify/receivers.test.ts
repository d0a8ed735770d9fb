import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PATIENCE_MS } from "../../../src/adapters/notify/post-json.ts";
import { slack } from "../../../src/adapters/notify/slack.ts";
import { webhook } from "../../../src/adapters/notify/webhook.ts";
import type { Channel } from "../../../src/watchdog/model/notice.ts";
import { noticeOf } from "../../../src/watchdog/notify/notice-of.ts";
import { nameOf, PLACE, stopped, warned } from "../../support/notices/notice-entries.ts";
import { nobody, type Received, receiver } from "../../support/notices/receiver.ts";

const NOW = new Date("2026-11-24T12:03:11.500Z");
/** A clock that stands still: patience ends only when it is told to. */
const clock = (sleep: (ms: number) => Promise<void> = () => new Promise(() => undefined)) => ({
  now: () => NOW,
  sleep,
});

const KEY = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDC2FVsBQIhrs=";
const notice = noticeOf(stopped, nameOf, PLACE);
const other = noticeOf(warned(80), nameOf, PLACE);

/** A secret whose text is each of these in turn. */
function secretOf(...texts: readonly string[]) {
  let reads = 0;
  const secret = {
    get: async () => texts[reads] ?? "",
    refresh: async () => texts[++reads] ?? texts.at(-1) ?? "",
    describe: () => "the secret arn:aws:secretsmanager:x",
  };
  return { secret, reads: () => reads };
}

const hook = (url: string, key = KEY): string => JSON.stringify({ url, key });

/** Both ways to post, at an address. */
const WAYS = [
  { name: "slack", to: (url: string, with_ = clock()): Channel => slack(secretOf(url).secret, with_) },
  {
    name: "webhook",
    to: (url: string, with_ = clock()): Channel => webhook(secretOf(hook(url)).secret, with_),
  },
] as const;

const problemOf = (sending: Promise<unknown>): Promise<string> =>
  sending.then(
    () => "none",
    (error: Error) => `${error.name}: ${error.message} ${error.cause ?? ""}`,
  );

describe.each(WAYS)("$name", ({ to }) => {
  it("posts JSON to the address in its secret, and says how that was answered", async () => {
    const { url, received } = await receiver();
    const { said } = await to(`${url}/services/T1/s3cret`).send([notice]);
    expect(said).toMatch(/answered 200$/);
    expect(received).toHaveLength(1);
    expect(received[0]?.path).toBe("/services/T1/s3cret");
    expect(received[0]?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(received[0]?.body ?? "")).toBeTruthy();
  });

  it.each([
    { status: 301, says: "HTTP 301, and redirects are not followed" },
    { status: 307, says: "HTTP 307, and redirects are not followed" },
    { status: 404, says: "HTTP 404" },
    { status: 500, says: "HTTP 500" },
  ])(
    "takes $status for a refusal, goes nowhere else, and quotes neither address nor answer",
    async ({ status, says }) => {
      const elsewhere = await receiver();
      const there = await receiver();
      there.answer = {
        status,
        headers: { location: `${elsewhere.url}/taken` },
        body: "an answer with a s3cret",
      };
      const problem = await problemOf(to(`${there.url}/s3cret`).send([notice]));
      expect(problem).toContain(says);
      expect(problem).not.toMatch(/s3cret|127\.0\.0\.1/);
      expect(elsewhere.received).toEqual([]);
    },
  );

  it("gives up a receiver that hangs", async () => {
    const there = await receiver();
    there.answer = "hangs";
    let patience = 0;
    const impatient = clock(async (ms) => {
      patience = ms;
      while (there.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    });
    const problem = await problemOf(to(`${there.url}/s3cret`, impatient).send([notice]));
    expect(problem).toMatch(/no answer within 5 seconds/);
    expect(patience).toBe(PATIENCE_MS);
    expect(problem).not.toMatch(/s3cret/);
  });

  it("says of one that is not there why, by the code alone", async () => {
    const problem = await problemOf(to(`${await nobody()}/s3cret`).send([notice]));
    expect(problem).toMatch(/no answer \(ECONNREFUSED\)/);
    expect(problem).not.toMatch(/s3cret|127\.0\.0\.1/);
  });

  it.each([
    "http://example.com/s3cret",
    "ftp://127.0.0.1/s3cret",
    "s3cret",
    "http://127.0.0.1.evil.example/s3cret",
  ])("posts to https, or to this machine, alone: not to %s", async (url) => {
    const problem = await problemOf(to(url).send([notice]));
    expect(problem).toMatch(/ConfigError: the secret arn:.* holds no address to post to: wanted a URL/);
    expect(problem).not.toMatch(/s3cret|example/);
  });

  it.each(["https://ann:s3cret@example.com/hook", "https://s3cret@example.com/hook"])(
    "says of an address with a user or password that they are never sent: %s",
    async (url) => {
      const problem = await problemOf(to(url).send([notice]));
      expect(problem).toContain("with a user or password before an @, which are never sent: take them out.");
      expect(problem).not.toMatch(/s3cret|ann|example/);
    },
  );
});

describe("a secret that was replaced", () => {
  it("is read again after a refusal, and the new address tried at once", async () => {
    const [old, current] = [await receiver(), await receiver()];
    old.answer = { status: 404 };
    const { secret } = secretOf(old.url, current.url);
    await slack(secret, clock()).send([notice]);
    expect([old.received.length, current.received.length]).toEqual([1, 1]);
  });

  it("is not tried twice where it is the same still", async () => {
    const there = await receiver();
    there.answer = { status: 500 };
    const { secret, reads } = secretOf(there.url, there.url);
    await expect(slack(secret, clock()).send([notice])).rejects.toThrow("HTTP 500");
    expect([there.received.length, reads()]).toEqual([1, 1]);
  });

  it("tells of the refusal where it can't be read again", async () => {
    const there = await receiver();
    there.answer = { status: 500 };
    const { secret } = secretOf(there.url);
    const broken = { ...secret, refresh: () => Promise.reject(new Error("Secrets Manager is down")) };
    await expect(slack(broken, clock()).send([notice])).rejects.toThrow("HTTP 500");
  });
});

/** How docs/notifications.md checks a signature, as it stands there. */
async function documentedCheck() {
  const page = readFileSync(new URL("../../../docs/notifications.md", import.meta.url), "utf8");
  const [, code = ""] = /```js\n(.*?)```/s.exec(page) ?? [];
  const { isGenuine } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return isGenuine as (headers: object, body: string | Buffer, key: string) => boolean;
}

describe("webhook", () => {
  it("is known as genuine by what the docs say, and what somebody else sent or changed is not", async () => {
    const isGenuine = await documentedCheck();
    const { url, received } = await receiver();
    const sendAt = (now: number) =>
      webhook(secretOf(hook(url)).secret, { ...clock(), now: () => new Date(now) }).send([notice]);
    await sendAt(Date.now());
    await sendAt(Date.now() - 301_000);
    const [{ headers, body }, late] = received as [Received, Received];
    const signature = headers["webhook-signature"];
    expect(isGenuine(headers, Buffer.from(body), KEY)).toBe(true);
    expect(isGenuine({ ...headers, "webhook-signature": `v1,old ${signature}` }, body, KEY)).toBe(true);
    expect(isGenuine(headers, `${body} `, KEY)).toBe(false);
    expect(isGenuine(headers, body, `whsec_${Buffer.from("x".repeat(32)).toString("base64")}`)).toBe(false);
    expect(isGenuine(late.headers, late.body, KEY)).toBe(false);
    expect(isGenuine({}, body, KEY)).toBe(false);
  });

  it("posts each notice by itself, signed over its id, the time and the body", async () => {
    const { url, received } = await receiver();
    await webhook(secretOf(hook(url)).secret, clock()).send([notice, other]);
    expect(received.map(({ body }) => JSON.parse(body))).toEqual([notice, other]);
    const key = Buffer.from(KEY.slice("whsec_".length), "base64");
    for (const { headers, body } of received) {
      expect(headers["webhook-id"]).toBe(JSON.parse(body).id);
      expect(headers["webhook-timestamp"]).toBe("1795521791");
      const signed = `${headers["webhook-id"]}.1795521791.${body}`;
      const signature = createHmac("sha256", key).update(signed).digest("base64");
      expect(headers["webhook-signature"]).toBe(`v1,${signature}`);
    }
  });

  it.each([
    { secret: "https://example.com/s3cret", says: "is no JSON" },
    {
      secret: JSON.stringify({ url: "https://example.com/s3cret" }),
      says: 'lacks a text: wanted JSON with "url" and "key"',
    },
    { secret: "null", says: "lacks a text" },
    { secret: hook("https://example.com/s3cret", "whsec_c2hvcnQ="), says: "holds no key to sign with" },
    { secret: hook("https://example.com/s3cret", "s3cret"), says: "holds no key to sign with" },
  ])("says what its secret lacks, and never what it is: $says", async ({ secret, says }) => {
    const problem = await problemOf(webhook(secretOf(secret).secret, clock()).send([notice]));
    expect(problem).toContain(says);
    expect(problem).not.toMatch(/s3cret|example\.com|c2hvcnQ/);
  });
});
