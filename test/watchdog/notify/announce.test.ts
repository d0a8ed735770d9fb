import { describe, expect, it } from "vitest";
import { MemoryDatabase } from "../../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import type { Entry } from "../../../src/watchdog/model/entry.ts";
import type { AuditRecord, Notice, NoticeKind, Tampering } from "../../../src/watchdog/model/notice.ts";
import { announce } from "../../../src/watchdog/notify/announce.ts";
import { held, PLACE, paused, stopped, TAMPERING, warned } from "../../support/notices/notice-entries.ts";

const NOW = new Date("2026-11-24T12:10:00.000Z");

const recordOf = (entry: Entry): AuditRecord => ({
  kind: "entry",
  text: JSON.stringify(entry),
  place: `acme#${entry.chain} ${entry.sequence}, record 1`,
});

/** A place for notices that takes them, or refuses them all. */
function outbox(
  name: string,
  kinds: readonly NoticeKind[],
  { mostTogether = 40, forPeople = true, refuses = false } = {},
) {
  const messages: (readonly Notice[])[] = [];
  return {
    messages,
    name,
    kinds: new Set(kinds),
    mostTogether,
    forPeople,
    async put(put: readonly (readonly Notice[])[]) {
      if (refuses) return { left: put, why: "QueueDoesNotExist" };
      messages.push(...put);
      return { left: [] };
    },
  };
}

async function world() {
  const database = new MemoryDatabase();
  const { state } = createMemoryStores({ account: PLACE.account, database });
  await state.writeNames(
    "actor",
    new Map([["hG7kPq2LmN4vX8sYz", { name: "acme/shop-products", readAt: NOW }]]),
  );
  const dead: object[] = [];
  const rung: Tampering[] = [];
  const warnings: string[] = [];
  return {
    dead,
    rung,
    warnings,
    state,
    place: PLACE,
    deadLetters: { put: async (letters: readonly object[]) => void dead.push(...letters) },
    ring: (tampering: Tampering) => void rung.push(tampering),
    log: {
      warn: (message: string, fields = {}) => void warnings.push(`${message} ${JSON.stringify(fields)}`),
    },
  };
}

const titles = (messages: readonly (readonly Notice[])[]) =>
  messages.map((each) => each.map(({ title }) => title));

describe("announce()", () => {
  it("puts each kind where it is wanted, together, with Actors by name", async () => {
    const ports = await world();
    const mail = outbox("mail", ["abort.confirmed", "abort.held"]);
    const events = outbox("events", ["abort.held", "control.paused"], { mostTogether: 1 });
    await announce({ ...ports, outboxes: [mail, events] }, [stopped, held(1), held(2), paused].map(recordOf));
    expect(titles(mail.messages)).toEqual([
      [
        "STOPPED: acme/shop-products, run iOIRSSnkEYKwhMeAJ (no-run-over-5-usd)",
        "HELD: Actor Zk3mT9bQwE5rUy1oP, run held0000000000001 (no-run-over-5-usd)",
        "HELD: Actor Zk3mT9bQwE5rUy1oP, run held0000000000002 (no-run-over-5-usd)",
      ],
    ]);
    expect(titles(events.messages).map(([title]) => title?.split(":")[0])).toEqual([
      "HELD",
      "HELD",
      "PAUSED",
    ]);
    expect([ports.dead, ports.warnings]).toEqual([[], []]);
  });

  it("makes one notice of many runs for people, and one each for programs", async () => {
    const ports = await world();
    const mail = outbox("mail", ["abort.held"]);
    const events = outbox("events", ["abort.held"], { mostTogether: 10, forPeople: false });
    const records = Array.from({ length: 30 }, (_none, index) => recordOf(held(index)));
    await announce({ ...ports, outboxes: [mail, events] }, records);
    expect(titles(mail.messages)).toEqual([["HELD: 30 runs (no-run-over-5-usd)"]]);
    expect(events.messages.map(({ length }) => length)).toEqual([10, 10, 10]);
  });

  it("announces of a run's steps the highest alone", async () => {
    const ports = await world();
    const mail = outbox("mail", ["step.notified"]);
    await announce({ ...ports, outboxes: [mail] }, [warned(50), warned(80), warned(95)].map(recordOf));
    expect(mail.messages.flat().map(({ rule }) => rule?.step?.at)).toEqual([95]);
  });

  it("goes on without names where they can't be read", async () => {
    const ports = await world();
    const mail = outbox("mail", ["abort.confirmed"]);
    const state = { ...ports.state, readNames: () => Promise.reject(new Error("throttled")) };
    await announce({ ...ports, state, outboxes: [mail] }, [recordOf(stopped)]);
    expect(mail.messages.flat()[0]?.title).toContain("STOPPED: Actor hG7kPq2LmN4vX8sYz, run");
    expect(ports.warnings.join()).toMatch(/names can't be read.*throttled/);
  });

  it.each([
    { what: "no JSON", text: "no JSON, a s3cret" },
    { what: "no entry", text: "null" },
    { what: "an entry of no time", text: JSON.stringify({ ...stopped, entryId: "other", at: "soon" }) },
    {
      what: "an entry whose run has no id that can be read",
      text: JSON.stringify({ ...stopped, runId: {}, overrule: undefined }),
    },
    {
      what: "an entry whose budget's window is none",
      text: JSON.stringify({ ...warned(80), runId: undefined, evidence: { budget: { from: 7, to: {} } } }),
    },
  ])("keeps $what for a person, and announces the others", async ({ text }) => {
    const ports = await world();
    const mail = outbox("mail", ["abort.confirmed", "step.notified"]);
    const bad: AuditRecord = { kind: "entry", text, place: "acme#run#abc 2, record 2" };
    await announce({ ...ports, outboxes: [mail] }, [bad, recordOf(stopped)]);
    expect(mail.messages.flat().map(({ id }) => id)).toEqual([stopped.entryId]);
    expect(ports.dead).toEqual([{ unreadable: expect.any(String), why: expect.any(String) }]);
    expect(JSON.stringify([ports.dead, ports.warnings])).not.toContain("s3cret");
  });

  it("announces an entry that holds more than a queue takes without what is too much of it", async () => {
    const ports = await world();
    const mail = outbox("mail", ["exemption.granted"]);
    const crowd = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`key${at}`, "x".repeat(20)]));
    const large: Entry = { ...paused, kind: "exemption.granted", change: { ...paused.change, crowd } };
    await announce({ ...ports, outboxes: [mail] }, [recordOf(large)]);
    const [message = []] = mail.messages;
    expect(message.map(({ kind }) => kind)).toEqual(["exemption.granted"]);
    expect(JSON.stringify(message).length).toBeLessThan(200_000);
    expect(ports.dead).toEqual([]);
  });

  it("keeps what one channel's queue refuses, and the other channels don't notice", async () => {
    const ports = await world();
    const [dead, mail] = [
      outbox("slack", ["abort.confirmed"], { refuses: true }),
      outbox("mail", ["abort.confirmed"]),
    ];
    await announce({ ...ports, outboxes: [dead, mail] }, [recordOf(stopped)]);
    expect(mail.messages).toHaveLength(1);
    expect(ports.dead).toMatchObject([{ channel: "slack", notices: [{ id: stopped.entryId }] }]);
    expect(ports.warnings.join()).toContain("QueueDoesNotExist");
  });

  it("asks to be tried again only where nothing of it is safe anywhere", async () => {
    const ports = await world();
    const nowhere = { put: () => Promise.reject(new Error("SQS is down")) };
    const dead = outbox("slack", ["abort.confirmed"], { refuses: true });
    await expect(
      announce({ ...ports, deadLetters: nowhere, outboxes: [dead] }, [recordOf(stopped)]),
    ).rejects.toThrow("SQS is down");
    const mail = outbox("mail", ["abort.confirmed"]);
    await announce({ ...ports, deadLetters: nowhere, outboxes: [mail] }, [recordOf(stopped)]);
  });
});

describe("an entry that was changed or removed", () => {
  const tampering: AuditRecord = { kind: "tampering", tampering: TAMPERING };

  it("rings and is announced", async () => {
    const ports = await world();
    const mail = outbox("mail", ["audit.tampered"]);
    await announce({ ...ports, outboxes: [mail] }, [tampering]);
    expect(ports.rung).toEqual([TAMPERING]);
    expect(titles(mail.messages)).toEqual([["TAMPERED: entry 3 of run#iOIRSSnkEYKwhMeAJ was changed"]]);
  });

  it("rings before all else, though nothing can be announced", async () => {
    const ports = await world();
    const nowhere = { put: () => Promise.reject(new Error("SQS is down")) };
    const mail = outbox("mail", ["audit.tampered"], { refuses: true });
    await expect(announce({ ...ports, deadLetters: nowhere, outboxes: [mail] }, [tampering])).rejects.toThrow(
      "SQS is down",
    );
    expect(ports.rung).toHaveLength(1);
  });

  it("is marked for the audit once it is announced; where it can't be, it is kept for a person", async () => {
    const ports = await world();
    const mail = outbox("mail", ["audit.tampered"]);
    await announce({ ...ports, outboxes: [mail] }, [tampering, tampering]);
    expect((await ports.state.readControl()).tampering).toEqual({
      first: JSON.stringify(TAMPERING),
      seen: 2,
    });
    expect(ports.dead).toEqual([]);
    const state = { ...ports.state, markTampering: () => Promise.reject(new Error("throttled")) };
    await announce({ ...ports, state, outboxes: [mail] }, [tampering]);
    expect(ports.dead).toEqual([{ unmarked: [TAMPERING] }]);
    expect(ports.rung).toHaveLength(3);
  });

  it("rings where nobody is to be notified", async () => {
    const ports = await world();
    await announce({ ...ports, outboxes: [] }, [tampering]);
    expect(ports.rung).toHaveLength(1);
  });
});
