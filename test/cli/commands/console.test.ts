import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Connection } from "../../../cli/command.ts";
import { UsageError } from "../../../cli/options/usage-error.ts";
import { runCli } from "../../../cli/run-cli.ts";
import { captured } from "../../../cli/show/captured.ts";
import { account, send } from "../../console/support.ts";
import { instead } from "../../support/instead.ts";
import type { Watched } from "../../support/watch.ts";

const TARGET = { kind: "folder", name: "the test's", account: "default" } as const;

/** Runs the command until it is stopped; `printed` is all of standard output, once there is an address in it. */
async function run(watched: Watched, argv: readonly string[], changes: Partial<Connection> = {}) {
  const stop = new AbortController();
  const { terminal, out, err } = captured();
  let hasPrinted = (): void => undefined;
  const printed = new Promise<void>((resolve) => {
    hasPrinted = resolve;
  });
  const heard = (text: string | readonly string[]): void => {
    terminal.out(text);
    hasPrinted();
  };
  const { ports } = watched;
  const ended = watched.run(
    runCli(["console", ...argv], {
      terminal: { ...terminal, out: heard, data: heard },
      env: {},
      signal: stop.signal,
      version: "0.0.0",
      connect: async () => ({
        ports,
        target: TARGET,
        hasApify: true,
        operator: async () => "ann@laptop",
        close: async () => undefined,
        ...changes,
      }),
    }),
  );
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  await Promise.race([printed, ended]);
  const end = (): Promise<number> => {
    stop.abort();
    return ended;
  };
  return { out, err, end, ended };
}

const urlIn = (text: string): URL => new URL(/http:\S+token=[\w-]+/.exec(text)?.[0] ?? "");

describe("watchdog console", () => {
  it("prints an address that leads to the page, says the target, and ends with 130 on Ctrl-C", async () => {
    const { out, err, end } = await run(await account(), []);
    expect(out()).toMatch(/^Console: http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{16,}\n/);
    expect(err()).toBe("Target: folder the test's, account default");
    const { port, pathname, search } = urlIn(out());
    const entered = await send(Number(port), pathname + search);
    const [cookie = ""] = entered.headers["set-cookie"] ?? [];
    const page = await send(Number(port), "/", { headers: { cookie: cookie.split(";")[0] } });
    expect(page.body).toContain('data-can-act="false"');
    const script = await send(Number(port), "/app.js", { headers: { cookie: cookie.split(";")[0] } });
    expect([script.status, script.headers["content-type"]]).toEqual([200, "text/javascript; charset=utf-8"]);
    expect(await end()).toBe(130);
    await expect(send(Number(port), "/")).rejects.toThrow("ECONNREFUSED");
  });

  it("prints the address once as JSON, with the target", async () => {
    const { out, end } = await run(await account(), ["--json", "--act"]);
    await end();
    const told = JSON.parse(out());
    expect(told).toEqual({
      target: TARGET,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/),
      act: true,
    });
  });

  it("says that the port is taken, and which ports there are", async () => {
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { readonly port: number };
    const taken = await run(await account(), ["--port", String(port)]);
    expect(await taken.ended).toBe(2);
    expect(taken.err()).toContain(
      `Port ${port} of 127.0.0.1 is taken. Give another, or leave out --port for any.`,
    );
    const none = await run(await account(), ["--port", "70000"]);
    expect(await none.ended).toBe(2);
    expect(none.err()).toContain("--port: got 70000, wanted 65535 at most.");
  });

  it("ends at once where there are no tables at all", async () => {
    const { terminal, err } = captured();
    const code = await runCli(["console"], {
      terminal,
      env: {},
      signal: new AbortController().signal,
      version: "0.0.0",
      connect: async () => {
        throw new UsageError("Which tables? Give one of --stack, --local");
      },
    });
    expect([code, err()]).toEqual([2, "Which tables? Give one of --stack, --local"]);
  });

  it("opens on tables that refuse, and says on the page what they say", async () => {
    const watched = await account();
    const refusing = instead(watched.ports.state, {
      readControl: async () => {
        throw Object.assign(new Error("The security token included in the request is expired"), {
          name: "ExpiredTokenException",
          $metadata: { httpStatusCode: 400 },
        });
      },
    });
    const { out, end } = await run(watched, [], { ports: { ...watched.ports, state: refusing } });
    const { port, pathname, search } = urlIn(out());
    const [cookie = ""] = (await send(Number(port), pathname + search)).headers["set-cookie"] ?? [];
    const stop = new AbortController();
    const { body } = await fetch(`http://127.0.0.1:${port}/api/news`, {
      headers: { cookie: cookie.split(";")[0] ?? "" },
      signal: stop.signal,
    });
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (/"name":"status".*"kind":"failed".*AWS answered 400 ExpiredTokenException/.test(text)) break;
    }
    expect(text).toContain('"kind":"failed"');
    expect(await end()).toBe(130);
  });
});
