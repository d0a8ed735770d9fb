import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { keptList } from "../../../cli/evidence/kept-list.ts";
import { listFile, listSource } from "../../../cli/evidence/list-source.ts";
import { REAL_FOLDER } from "../../../cli/target/folder.ts";
import { Listed, type ListedPart } from "../../../src/watchdog/learn/listed/listed.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { watch } from "../../support/watch.ts";
import { worldOf } from "../../support/world.ts";
import { past } from "../../watchdog/learn/past-runs.ts";

const AT = new Date("2026-11-30T08:00:00Z");
const part = (hour: number, usd = 1): ListedPart => ({
  at: AT,
  from: new Date(AT.getTime() + hour),
  to: new Date(AT.getTime() + hour + 1),
  malformed: 0,
  runs: [past(hour, usd).run],
});
const fresh = async (): Promise<string> => join(await tempFolder(), "of/a/user/runs.jsonl");

describe("keptList()", () => {
  it("has what it was given, instants as instants, readable by its owner alone", async () => {
    const file = await fresh();
    expect(keptList(file).read()).toEqual([]);
    keptList(file).add(part(1));
    keptList(file).add(part(2));
    expect(keptList(file).read()).toEqual([part(1), part(2)]);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it("passes over a line that was cut off, and what is added after it stands", async () => {
    const file = await fresh();
    keptList(file).add(part(1));
    keptList(file).add(part(2));
    truncateSync(file, statSync(file).size - 40);
    keptList(file).add(part(3));
    const kept = keptList(file);
    expect(kept.read()).toEqual([part(1), part(3)]);
    expect(kept.problems).toEqual([expect.stringContaining("1 of 3 lines of")]);
    expect(keptList(file).problems).toEqual([]);
    expect(keptList(file).read()).toEqual([part(1), part(3)]);
  });

  it("believes no line whose figures have changed since", async () => {
    const file = await fresh();
    keptList(file).add(part(1));
    writeFileSync(file, readFileSync(file, "utf8").replace("1000000", "9000000"));
    expect(keptList(file).read()).toEqual([]);
    appendFileSync(file, "no line of ours\n");
    expect(keptList(file).read()).toEqual([]);
  });

  it("does not grow with what is read again and again, and keeps what that says of the list", async () => {
    const file = await fresh();
    for (let time = 0; time < 50; time++)
      keptList(file).add({ ...part(1, time), from: new Date(AT.getTime() - time) });
    const kept = keptList(file).read();
    const size = statSync(file).size;
    expect(size).toBeLessThan(10_000);
    expect(
      keptList(file)
        .read()
        .map(({ from }) => from),
    ).toEqual(kept.map(({ from }) => from));
    expect(keptList(file).read().at(-1)?.runs[0]?.usageTotalMicroUsd).toBe(49_000_000);
  });

  it("does not grow with a run that is read in full again and again, until it ends", async () => {
    const file = await fresh();
    const { run } = past(1, 1);
    const inFull = (usd: number): ListedPart => ({
      at: AT,
      runs: [
        { ...run, status: "RUNNING", usageTotalMicroUsd: usd * 1_000_000, settings: { memoryMbytes: 1 } },
      ],
    });
    keptList(file).add(part(1));
    for (let time = 1; time <= 50; time++) {
      keptList(file).read();
      keptList(file).add(inFull(time));
    }
    const parts = keptList(file).read();
    expect(parts.length).toBeLessThan(6);
    expect(parts.at(-1)).toEqual(inFull(50));
    keptList(file).add(part(1, 51));
    const listed = new Listed(keptList(file).read());
    const [seen] = listed.within({ from: new Date(0), until: new Date(AT.getTime() + 1_000) });
    expect(seen?.run.usageTotalMicroUsd).toBe(51_000_000);
  });

  it("does without a file that can't be read, and says so", async () => {
    const kept = keptList(await tempFolder());
    expect(kept.read()).toEqual([]);
    expect(kept.problems).toEqual([
      expect.stringMatching(/^What was kept of Apify's list could not be read: EISDIR/),
    ]);
  });

  it("does without a file where none can be written, and says so once", async () => {
    const folder = await tempFolder();
    writeFileSync(join(folder, "taken"), "");
    const kept = keptList(join(folder, "taken/runs.jsonl"));
    kept.add(part(1));
    kept.add(part(2));
    expect(kept.problems).toEqual([expect.stringMatching(/^What was read could not be kept: /)]);
  });
});

describe("listFile()", () => {
  it("is one for each user and API, and none for an API on this machine", () => {
    expect(listFile("https://api.apify.com", "ownerA1")).toBe(".watchdog/apify/ownerA1/apify-runs.jsonl");
    expect(listFile("https://gateway.acme.com:8443/apify", "ownerA1")).toBe(
      ".watchdog/apify/ownerA1@gateway.acme.com-8443/apify-runs.jsonl",
    );
    expect(listFile("http://127.0.0.1:4010", "ownerA1")).toBeUndefined();
    expect(listFile("https://api.apify.com", "../ownerA1")).toBeUndefined();
  });
});

describe("listSource()", () => {
  it("keeps what it lists by the API that the tables name, not by the one that is usual", async () => {
    const { ports } = await watch(worldOf());
    const isKept = async (apifyApiUrl?: string): Promise<boolean> => {
      const target = { kind: "folder", name: REAL_FOLDER, account: "default" } as const;
      const connection = {
        ...{ ports, target, hasApify: true, ...(apifyApiUrl !== undefined && { apifyApiUrl }) },
        operator: async () => "me",
        close: async () => undefined,
      };
      const invocation = { env: {}, signal: new AbortController().signal, aim: () => undefined };
      return (await listSource(invocation, connection)).kept !== undefined;
    };
    expect(await isKept("https://api.apify.com")).toBe(true);
    expect(await isKept("http://127.0.0.1:4010")).toBe(false);
    expect(await isKept()).toBe(false);
  });
});
