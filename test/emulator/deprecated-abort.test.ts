import { expect, test } from "vitest";
import { ask, emulatorOf, HOUR, idOf, serve } from "./support.ts";

/** The run of the deprecated endpoint's reference page, key by key; leaves say the type of their example. */
const DOCUMENTED = {
  id: "string",
  actId: "string",
  userId: "string",
  actorTaskId: "string",
  startedAt: "string",
  finishedAt: "string",
  status: "string",
  statusMessage: "string",
  isStatusMessageTerminal: "boolean",
  meta: { origin: "string", clientIp: "string", userAgent: "string" },
  stats: {
    inputBodyLen: "number",
    migrationCount: "number",
    restartCount: "number",
    resurrectCount: "number",
    memAvgBytes: "number",
    memMaxBytes: "number",
    memCurrentBytes: "number",
    cpuAvgUsage: "number",
    cpuMaxUsage: "number",
    cpuCurrentUsage: "number",
    netRxBytes: "number",
    netTxBytes: "number",
    durationMillis: "number",
    runTimeSecs: "number",
    metamorph: "number",
    computeUnits: "number",
  },
  options: { build: "string", timeoutSecs: "number", memoryMbytes: "number", diskMbytes: "number" },
  buildId: "string",
  exitCode: "number",
  generalAccess: "string",
  defaultKeyValueStoreId: "string",
  defaultDatasetId: "string",
  defaultRequestQueueId: "string",
  isContainerServerReady: "boolean",
  gitBranchName: "string",
  usage: services(),
  usageTotalUsd: "number",
  usageUsd: services(),
};

/** The page spells one of these with a stray question mark, which Apify has since removed. */
function services() {
  return {
    ACTOR_COMPUTE_UNITS: "number",
    DATASET_READS: "number",
    DATASET_WRITES: "number",
    KEY_VALUE_STORE_READS: "number",
    KEY_VALUE_STORE_WRITES: "number",
    KEY_VALUE_STORE_LISTS: "number",
    REQUEST_QUEUE_READS: "number",
    REQUEST_QUEUE_WRITES: "number",
    DATA_TRANSFER_INTERNAL_GBYTES: "number",
    DATA_TRANSFER_EXTERNAL_GBYTES: "number",
    PROXY_RESIDENTIAL_TRANSFER_GBYTES: "number",
    PROXY_SERPS: "number",
  };
}

/** Keys in their order, with types for leaves. */
function outline(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, outline(inner)]));
}

test("the deprecated abort answers the documented run object, key by key and in its order", async () => {
  const emulator = emulatorOf({ startsAfterMs: -HOUR, task: "shop-eu" });
  const { url } = await serve(emulator);
  const path = `${url}/v2/acts/acme~shop/runs/${idOf(emulator)}/abort`;
  const response = await fetch(path, { method: "POST", headers: { authorization: "Bearer good" } });
  const { data, ...rest } = (await response.json()) as { data: unknown };
  expect(response.status).toBe(200);
  expect(rest).toEqual({});
  expect(JSON.stringify(outline(data), undefined, 1)).toBe(JSON.stringify(DOCUMENTED, undefined, 1));
  expect(data).toMatchObject({
    status: "ABORTED",
    statusMessage: "Actor was aborted",
    isStatusMessageTerminal: true,
  });
});

test("the deprecated abort is graceful when asked, and null stands for what is not there yet", () => {
  const emulator = emulatorOf({ startsAfterMs: -HOUR });
  const { data } = ask(emulator, "POST", `/v2/acts/~shop/runs/${idOf(emulator)}/abort?gracefully=true`);
  expect(data).toMatchObject({ status: "ABORTING", finishedAt: null, exitCode: null, actorTaskId: null });
  expect(Object.keys(data)).toEqual(Object.keys(DOCUMENTED));
});

test("the deprecated abort takes the Actor's id as well, on both prefixes", () => {
  const emulator = emulatorOf({});
  const { data: actor } = ask(emulator, "GET", "/v2/acts/acme~shop");
  for (const prefix of ["acts", "actors"]) {
    const told = ask(emulator, "POST", `/v2/${prefix}/${actor.id}/runs/${idOf(emulator)}/abort?gracefully=1`);
    expect(told.data.status).toBe("ABORTING");
  }
});

test("the deprecated abort does not find a run under another Actor's path, and leaves it alone", () => {
  const emulator = emulatorOf({});
  const told = ask(emulator, "POST", `/v2/acts/acme~news/runs/${idOf(emulator)}/abort`);
  expect([told.status, told.error.type]).toEqual([404, "record-not-found"]);
  expect(ask(emulator, "GET", `/v2/acts/acme~shop/runs/${idOf(emulator)}`).data.status).toBe("RUNNING");
});

test("the deprecated abort needs a token", () => {
  const emulator = emulatorOf({});
  const told = ask(emulator, "POST", `/v2/acts/acme~shop/runs/${idOf(emulator)}/abort`, { token: null });
  expect([told.status, told.error.type]).toEqual([401, "token-not-provided"]);
});
