import { ApifyClient } from "apify-client";
import { onTestFinished } from "vitest";
import { createEmulator, type Emulator, type RunScript, type World } from "../../emulator/index.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** A small world: two Actors of its own, one pay-per-event Actor of somebody else's, a task, and these runs. */
export function worldOf(...runs: readonly Partial<RunScript>[]): World {
  return {
    name: "test",
    about: "A world for one test.",
    actors: [
      { name: "acme/shop" },
      { name: "acme/news" },
      { name: "mapworks/places", chargesFor: { event: "place", priceUsd: 0.01 } },
    ],
    tasks: [{ name: "shop-eu", actor: "acme/shop" }],
    runs: runs.map((run) => ({ actor: "acme/shop", readyForMs: 0, ...run })),
  };
}

/** JSON of many shapes; the tests say which. */
// biome-ignore lint/suspicious/noExplicitAny: each test reads a few keys of a large answer.
export type Json = any;

/** An answer as a client sees it; `data` and `error` from Apify's envelope. */
export type Told = {
  readonly status: number;
  readonly data: Json;
  readonly error: Json;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** One request in process, with a good token unless another (or none, null) is given. */
export function ask(
  emulator: Emulator,
  method: string,
  url: string,
  { token = "good", body }: { token?: string | null; body?: unknown } = {},
): Told {
  const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = emulator.handle({ method, url, headers, ...sent });
  if (answer.kind === "reset") throw new Error("connection reset");
  const isJson = answer.headers["content-type"]?.startsWith("application/json") && answer.body !== "";
  const { data, error } = isJson ? JSON.parse(answer.body) : { data: undefined, error: undefined };
  return { status: answer.status, data, error, body: answer.body, headers: answer.headers };
}

/** The id of the world's nth run, in order of start. */
export function idOf(emulator: Emulator, index = 0): string {
  const run = emulator.truth.runs()[index];
  if (!run) throw new Error(`The world has no run number ${index} yet.`);
  return run.id;
}

/** The status that the API tells of a run. */
export function statusOf(emulator: Emulator, id: string): string {
  return ask(emulator, "GET", `/v2/actor-runs/${id}`).data.status;
}

/** The emulator on a port of its own, until the test ends, and the official client pointed at it. */
export async function serve(
  emulator: Emulator,
  token = "good",
): Promise<{ url: string; client: ApifyClient }> {
  const server = await emulator.listen();
  onTestFinished(() => server.close());
  const client = new ApifyClient({
    baseUrl: server.url,
    token,
    maxRetries: 1,
    minDelayBetweenRetriesMillis: 1,
  });
  return { url: server.url, client };
}

/** An emulator of a small world on a clock that stands still. */
export function emulatorOf(...runs: readonly Partial<RunScript>[]): Emulator {
  return createEmulator({ world: worldOf(...runs) });
}
