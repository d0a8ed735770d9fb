import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { API, type News as Event, PARTS, type Part } from "../../../console/api.ts";
import type { Asked, Asking } from "../../../console/server/asking.ts";
import { News } from "../../../console/server/news.ts";
import { instead } from "../../support/instead.ts";
import { account, accountConsole, askingOf, opened, send } from "../support.ts";

/** Which commands were asked, beside the commands themselves. */
function counted(asking: Asking) {
  const asked: string[] = [];
  const ask = (argv: readonly string[], signal: AbortSignal): Promise<Asked> => {
    asked.push(argv.join(" "));
    return asking.ask(argv, signal);
  };
  return { asking: instead(asking, { ask }), asked };
}

/** Hears news until they are as wanted. */
function heard(news: News) {
  const events: Event[] = [];
  let look = (): void => undefined;
  const leave = news.listen((event) => {
    events.push(event);
    look();
  });
  const until = (isIt: (events: readonly Event[]) => boolean): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (isIt(events)) resolve();
      };
      look();
    });
  return { events, until, leave };
}

const kindsOf = (events: readonly Event[], wanted: string): readonly Part["kind"][] =>
  events.filter(({ name }) => name === wanted).map(({ part }) => part.kind);

const ALL = Object.keys(PARTS);
const hasAll = (events: readonly Event[]): boolean =>
  ALL.every((name) => events.some((each) => each.name === name && each.part.kind === "known"));

/** Real timers, and a look every few ms; a loaded machine is not slow tables. */
const QUICK = { everyMs: 5, slowMs: 600_000 };

describe("News", () => {
  it("says each part once, and again only when it looks another way", async () => {
    const watched = await account();
    const { asking, asked } = counted(askingOf(watched));
    const news = new News(asking, QUICK);
    const { events, until, leave } = heard(news);
    await until(hasAll);
    const statuses = () => asked.filter((line) => line === "status").length;
    const before = statuses();
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (statuses() < before + 5) return;
        clearInterval(look);
        resolve();
      }, 5);
    });
    expect(events).toHaveLength(ALL.length);
    // What costs most to read is not read again where nothing has changed.
    expect(asked.filter((line) => line !== "status")).toHaveLength(ALL.length - 1);
    await watched.ticks(1);
    await until((all) => kindsOf(all, "runs").length === 2);
    expect(kindsOf(events, "status").length).toBeGreaterThan(1);
    leave();
    news.close();
  });

  it("asks nothing before somebody listens, and nothing more after the last has left", async () => {
    const { asking, asked } = counted(askingOf(await account()));
    const news = new News(asking, QUICK);
    expect(asked).toEqual([]);
    const [one, other] = [heard(news), heard(news)];
    await one.until(hasAll);
    one.leave();
    other.leave();
    const settled = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked.length).toBeLessThanOrEqual(settled + 1);
    // Who comes later hears at once what is known.
    const late = heard(news);
    expect(hasAll(late.events)).toBe(true);
    late.leave();
    news.close();
  });

  it("says that tables are slow and that they refuse, with what was known before, and goes on", async () => {
    const real = askingOf(await account());
    let how: "well" | "never" | "refused" = "well";
    const ask = async (argv: readonly string[], signal: AbortSignal): Promise<Asked> => {
      if (argv[0] !== "runs") return real.ask(argv, signal);
      if (how === "well") return { code: 0, json: { runs: [] }, said: "" };
      if (how === "never") await new Promise(() => undefined);
      const error = { code: "aws", message: "AWS answered 400 ExpiredTokenException: it expired" };
      return { code: 1, json: { error }, said: error.message };
    };
    const news = new News(instead(real, { ask }), { everyMs: 5, slowMs: 500, lateMs: 1_000 });
    const { events, until, leave } = heard(news);
    await until(hasAll);
    how = "never";
    news.refresh();
    await until((all) => kindsOf(all, "runs").includes("failed"));
    how = "refused";
    news.refresh();
    await until((all) => kindsOf(all, "runs").filter((kind) => kind === "failed").length === 2);
    how = "well";
    news.refresh();
    await until((all) => kindsOf(all, "runs").at(-1) === "known");
    const parts = events.filter(({ name }) => name === "runs").map(({ part }) => part);
    const value = { runs: [] };
    expect(parts.map(({ kind }) => kind)).toEqual(["known", "slow", "failed", "failed", "known"]);
    expect(parts.slice(1, 4).map((part) => "last" in part && part.last?.value)).toEqual([
      value,
      value,
      value,
    ]);
    expect(parts.slice(2, 4)).toMatchObject([
      { says: "No answer within 1 s." },
      { says: expect.stringContaining("ExpiredTokenException") },
    ]);
    leave();
    news.close();
  });
});

describe("the console's news", () => {
  it("show what an act from the page has changed", async () => {
    const { port, cookie, writing } = await accountConsole();
    const stream = await fetchNews(port, cookie);
    await stream.until((text) => ALL.every((name) => text.includes(`{"name":"${name}"`)));
    expect(stream.text()).toMatch(/event: beat\ndata: \d{4}-\d\d-\d\dT[\d:.]+Z\n\n/);
    expect(stream.text()).not.toContain("an incident");
    const body = JSON.stringify({ act: "pause", reason: "an incident", until: "2h" });
    await send(port, API.act, { method: "POST", headers: writing, body });
    await stream.until((text) => text.includes("an incident"));
    stream.end();
  });

  it("end for no other page when one of them reads nothing", async () => {
    const { port, host, cookie } = await opened(askingOf(await account()));
    const stuck = connect(port, "127.0.0.1");
    stuck.write(`GET ${API.news} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\n\r\n`);
    stuck.pause();
    const stream = await fetchNews(port, cookie);
    await stream.until((text) => ALL.every((name) => text.includes(`{"name":"${name}"`)));
    stream.end();
    stuck.destroy();
  });
});

/** Reads news as a page does. */
async function fetchNews(port: number, cookie: string) {
  const stop = new AbortController();
  const { body } = await fetch(`http://127.0.0.1:${port}${API.news}`, {
    headers: { cookie },
    signal: stop.signal,
  });
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  return {
    text: () => text,
    async until(isIt: (text: string) => boolean): Promise<void> {
      while (!isIt(text)) text += decoder.decode((await reader.read()).value, { stream: true });
    },
    end: () => stop.abort(),
  };
}
