import { describe, expect, it } from "vitest";
import { verifyAll } from "../../../src/watchdog/audit/verify/verify.ts";
import { CONTROL_CHAIN, runChain } from "../../../src/watchdog/model/entry.ts";
import { at, DAY, HOUR, MINUTE } from "../../support/builders.ts";
import { checkpointed, draftOf, rewrite, twoDays } from "./checkpointed.ts";

describe("verifyAll() with a log of checkpoints", () => {
  it("finds nothing in what nobody touched, and says up to when the checkpoints vouch for it", async () => {
    const audit = await twoDays();
    await audit.append("run1", "run1-c", 2 * DAY + 11 * MINUTE);
    await audit.append("run3", "run3-a", 2 * DAY + 11 * MINUTE);
    const { findings, checkpoints } = await verifyAll(audit.ports);
    expect(findings).toEqual([]);
    expect(checkpoints).toMatchObject({ count: 2, to: at(2 * DAY + 5 * MINUTE).toISOString() });
  });

  it("finds a chain that was rewritten together with its head", async () => {
    const audit = await twoDays();
    rewrite(audit, "run1", [draftOf("run1", "run1-a", 3_600), draftOf("run1", "forged", 3_660)]);
    expect(await audit.findings()).toEqual([
      "run#run1 2: it is not the one that the checkpoint that was logged at 2026-11-25 12:10 UTC names: the chain was rewritten",
    ]);
    const { checkpoints: _none, ...blind } = audit.ports;
    expect((await verifyAll(blind)).findings).toEqual([]);
  });

  it("finds a chain that is gone whole, and one whose end is gone, with the head", async () => {
    const audit = await twoDays();
    rewrite(audit, "run1", []);
    rewrite(audit, "run2", [draftOf("run2", "run2-a", 3_600)]);
    expect(await audit.findings()).toEqual([
      "run#run2 2: it is gone: the checkpoint that was logged at 2026-11-25 12:10 UTC names it",
      "run#run1 2: it is gone: the checkpoint that was logged at 2026-11-25 12:10 UTC names it",
    ]);
  });

  it("finds a chain that was made up of a time before a checkpoint, and an entry so put behind a chain", async () => {
    const audit = await twoDays();
    rewrite(audit, "run9", [draftOf("run9", "invented", 3_600)]);
    await audit.append("run1", "also-invented", 2 * HOUR);
    expect(await audit.findings()).toEqual([
      "run#run1 3: it is dated 2026-11-24 14:00 UTC, and checkpoint 1 of 2026-11-25 12:10 UTC does not know it: it was written afterwards",
      "run#run9 1: it is dated 2026-11-24 13:00 UTC, and checkpoint 1 of 2026-11-25 12:10 UTC does not know it: it was written afterwards",
    ]);
  });

  it("finds it also when a later checkpoint has named it since", async () => {
    const audit = await twoDays();
    await audit.append("run1", "also-invented", 2 * HOUR);
    await audit.append("run1", "true", 2 * DAY + HOUR);
    audit.goTo(3 * DAY + 10 * MINUTE);
    await audit.tick();
    expect(await audit.findings()).toEqual([
      expect.stringContaining("run#run1 3: it is dated 2026-11-24 14:00"),
    ]);
  });

  it("takes the earliest line that names a head: what is logged later can't replace it", async () => {
    const audit = await twoDays();
    rewrite(audit, "run1", [draftOf("run1", "run1-a", 3_600), draftOf("run1", "forged", 3_660)]);
    const forged = audit.rows.chains.get(runChain("run1"))?.at(-1)?.hash;
    const [first] = audit.logged;
    const text = first?.text.replace(/("run#run1",2,")[0-9a-f]+/, `$1${forged}`) ?? "";
    audit.logged.push({ text, loggedAt: at(3 * DAY) });
    expect(await audit.findings()).toEqual([expect.stringContaining("run#run1 2: it is not the one")]);
  });

  it("takes no offence at an entry that comes up to an hour late, or at one from before the first checkpoint", async () => {
    const audit = await checkpointed();
    await audit.append("run0", "old", -DAY);
    audit.goTo(10 * MINUTE);
    await audit.tick();
    await audit.append("run1", "late", -40 * MINUTE);
    await audit.append("run2", "late", 2 * MINUTE);
    audit.goTo(DAY + 10 * MINUTE);
    await audit.tick();
    expect(await audit.findings()).toEqual([]);
  });

  it("finds that the log was deleted, or made again afterwards", async () => {
    const gone = await twoDays();
    const kept = gone.logged.splice(0, 1);
    const said = "control 2: checkpoint 1 of 2026-11-25 12:10 UTC";
    expect(await gone.findings()).toEqual([
      expect.stringContaining(`${said} is not in the log of checkpoints as it was made`),
    ]);
    gone.logged.unshift(...kept.map(({ text }) => ({ text, loggedAt: at(9 * DAY) })));
    expect(await gone.findings()).toContainEqual(
      `${said} was put into the log of checkpoints only at 2026-12-03 12:00 UTC: the log was made again`,
    );
  });

  it("finds a control chain that was made again without its checkpoints", async () => {
    const audit = await twoDays();
    const chain = audit.rows.chains.get(CONTROL_CHAIN) ?? [];
    audit.rows.chains.set(CONTROL_CHAIN, chain.slice(0, 1));
    const [first] = chain;
    const { control } = audit.rows;
    if (control && first) audit.rows.control = { ...control, head: { sequence: 1, hash: first.hash } };
    expect(await audit.findings()).toEqual([
      "control 2: it is gone: the checkpoint that was logged at 2026-11-26 12:10 UTC names it",
    ]);
  });

  it("passes over what else is in the log", async () => {
    const audit = await twoDays();
    for (const text of ["", "{}", "null", '{"apifyRunWatchdogCheckpoint":1,"heads":[[1,2,3]]}'])
      audit.logged.push({ text, loggedAt: at(0) });
    expect(await audit.findings()).toEqual([]);
  });
});
