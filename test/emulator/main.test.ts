import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { emulatorOf } from "./support.ts";

const MAIN = fileURLToPath(new URL("../../emulator/main.ts", import.meta.url));

function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const told = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    told.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    told.err += chunk;
  });
  return { child, told, exit: once(child, "close").then(([code]) => code as number | null) };
}

test("the program serves the world, says where, and ends cleanly on Ctrl-C", async () => {
  const { child, told, exit } = start("--port", "0", "--world", "runaway", "--speed", "60");
  while (!told.out.includes("Ctrl-C")) await once(child.stdout, "data");
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(told.out)?.[0];
  expect(told.out).toContain(`APIFY_API_URL=${url}`);
  expect(Math.max(...told.out.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  const response = await fetch(`${url}/v2/actor-runs?token=any`);
  expect(response.status).toBe(200);
  child.kill("SIGINT");
  expect(await exit).toBe(0);
  expect(told.err).toBe("");
});

test("the program's help names every world and option", async () => {
  const { told, exit } = start("--help");
  expect(await exit).toBe(0);
  for (const word of [
    "--port",
    "--world",
    "--speed",
    "--seed",
    "busy-day",
    "slow-leak",
    "flood",
    "long-standing",
  ])
    expect(told.out).toContain(word);
  expect(Math.max(...told.out.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test.each([
  [["--world", "nowhere"], 'There is no world "nowhere". Choose one with --world: runaway,'],
  [["--speed", "fast"], '--speed must be a number above 0: got "fast".'],
  [["--port", "99999"], "--port must be a whole number from 0 to 65535"],
  [["--colour"], "All options: npm run emulator -- --help"],
])("the program refuses %j and says what to do", async (args, message) => {
  const { told, exit } = start(...args);
  expect(await exit).toBe(2);
  expect(told.err).toContain(message);
});

test("the program says so when its port is taken", async () => {
  const server = await emulatorOf().listen();
  onTestFinished(() => server.close());
  const { told, exit } = start("--port", String(server.port));
  expect(await exit).toBe(2);
  expect(told.err).toContain(`Port ${server.port} is taken. Give another with --port`);
});
