import { afterAll, describe, expect, it } from "vitest";
import type { World } from "../../../emulator/index.ts";
import { SCHEDULE, storm } from "../../journeys/holding/storm.ts";
import { costRule, fiveUsd } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { burning, ended, HEALTHY, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";
import { findings } from "./axe.ts";
import { closeBrowser, hasChromium, type Opened, opened, picture } from "./browser.ts";

const HOSTILE = 'acme/<img src=x onerror="window.hacked=1">';

/** A run that was stopped, one that burns, a healthy one, one of an Actor whose name is markup; and some that ended. */
async function account(): Promise<Watched> {
  const world: World = worldOf(
    OVER_5_USD,
    burning(9, { startsAfterMs: -20 * MINUTE }),
    HEALTHY,
    { ...HEALTHY, actor: HOSTILE },
    ...[1, 2, 3, 4, 7, 9].map((usd, nth) => ended(nth + 1, usd)),
  );
  const rules = [
    costRule(5),
    { id: "a-day", limit: { runTime: "24h" }, steps: [{ at: "100%", do: "abort" }] },
  ];
  const watched = await watch(
    { ...world, actors: [...world.actors, { name: HOSTILE }] },
    { policy: fiveUsd({ rules }) },
  );
  await watched.ticks(4);
  return watched;
}

const live = (watched: Watched): string =>
  watched.runIds().find((id) => watched.status(id) === "RUNNING") ?? "";
const stopped = (watched: Watched): string =>
  watched.runIds().find((id) => watched.status(id) === "ABORTED") ?? "";
const lastControl = async (watched: Watched) => watched.ports.state.readControl();

/** Types a reason, has the plan shown and carries it out, by keyboard alone; returns what the dialog said. */
async function carryOut(
  { page }: Opened,
  fields: Readonly<Record<string, string>>,
  does: string,
): Promise<{ plan: string; command: string; done: string }> {
  const dialog = page.locator("dialog.asking");
  await dialog.waitFor();
  for (const [label, text] of Object.entries(fields))
    await dialog.getByLabel(label, { exact: true }).fill(text);
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: does, exact: true }).waitFor();
  const plan = await dialog.locator(".plan").innerText();
  const command = await dialog.locator(".plan code").innerText();
  await page.keyboard.press("Enter");
  await dialog.getByRole("heading", { name: "Done" }).waitFor();
  const done = await dialog.getByRole("status").first().innerText();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  return { plan, command, done };
}

describe.skipIf(!hasChromium)("an operator's day in a browser", () => {
  afterAll(closeBrowser);

  it("shows what burns, opens a run by mouse and by keyboard, and gives the focus back, with nothing from elsewhere", async () => {
    const watched = await account();
    const { page, complaints, asked, origin } = await opened(watched);
    const first = page.locator("#runs tbody tr").first().locator("a.name");
    await first.click();
    const drawer = page.locator("dialog.drawer");
    await drawer.getByRole("heading", { name: "Rules" }).waitFor();
    expect(await drawer.innerText()).toContain("in Apify Console");
    expect(await drawer.locator("svg.curve").count()).toBe(1);
    const link = drawer.locator('a[href^="https://console.apify.com/"]').first();
    expect(await link.getAttribute("rel")).toContain("noreferrer");
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    expect(await first.evaluate((node) => node === document.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    await drawer.getByRole("heading", { name: "Rules" }).waitFor();
    // What is behind has no part in it: Tab goes round in the drawer.
    for (let nth = 0; nth < 40; nth += 1) await page.keyboard.press("Tab");
    expect(
      await page.evaluate(
        "document.activeElement === document.body || !!document.activeElement.closest('dialog')",
      ),
    ).toBe(true);
    // An Actor's name full of markup is text.
    expect(await page.getByText("<img src=x").count()).toBeGreaterThan(0);
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(complaints).toEqual([]);
    expect(asked.filter((address) => !address.startsWith(origin))).toEqual([]);
  });

  it("stops a run, after the plan and with the command that it equals", async () => {
    const watched = await account();
    const on = await opened(watched);
    const runId = live(watched);
    await on.page.locator("#runs tbody tr", { hasText: runId }).getByRole("button", { name: "Stop" }).click();
    await on.page.locator("dialog.asking").getByRole("button", { name: "Show what it would do" }).click();
    expect(await on.page.getByRole("alert").innerText()).toContain("Something is missing");
    expect(watched.aborts(runId)).toHaveLength(0);
    const { plan, command, done } = await carryOut(on, { "Reason, for the audit": "it's wrong" }, "Stop it");
    expect(plan).toContain(runId);
    expect(command).toContain(`abort ${runId} --no-wait --reason 'it'\\''s wrong'`);
    expect(done).toContain("stopped");
    expect(watched.aborts(runId)).toHaveLength(1);
  });

  it("lets a run go on, by keyboard, and ends that exemption", async () => {
    const watched = await account();
    const on = await opened(watched);
    const runId = live(watched);
    const button = on.page.locator("#runs tbody tr", { hasText: runId }).getByRole("button", { name: "Let" });
    await button.focus();
    await on.page.keyboard.press("Enter");
    await carryOut(on, { Until: "2h", "Reason, for the audit": "month end" }, "Let it run");
    expect((await lastControl(watched)).exemptions).toMatchObject([
      { subject: { kind: "run", id: runId }, reason: "month end" },
    ]);
    expect(await button.evaluate((node) => node === document.activeElement)).toBe(true);
    await on.page.locator("#runs tbody tr", { hasText: runId }).locator("a.name").press("Enter");
    await on.page.getByRole("button", { name: "End its exemption" }).click();
    const { plan } = await carryOut(on, { "Reason, for the audit": "done" }, "End it");
    expect(plan).toContain("ends now (ann@laptop: month end)");
    expect((await lastControl(watched)).exemptions).toEqual([]);
  });

  it("pauses and resumes, and undoes a stop from its run's drawer", async () => {
    const watched = await account();
    const on = await opened(watched);
    await on.page.getByRole("button", { name: "Pause" }).click();
    await carryOut(
      on,
      { "Until (left empty, until somebody resumes)": "", "Reason, for the audit": "incident" },
      "Pause",
    );
    expect((await lastControl(watched)).pause).toMatchObject({ reason: "incident", by: "ann@laptop" });
    await on.page.getByRole("button", { name: "Resume" }).click();
    await carryOut(on, { "Reason, for the audit": "over" }, "Resume");
    expect((await lastControl(watched)).pause).toBeUndefined();
    const runId = stopped(watched);
    await on.page.evaluate(`location.hash = "#run/${runId}"`);
    await on.page.getByRole("button", { name: "Undo the stop" }).click();
    await carryOut(on, { "Reason, for the audit": "meant to be large" }, "Start it again");
    expect(watched.status(runId)).toBe("RUNNING");
  });

  it("enables a schedule that is held", async () => {
    const watched = await storm();
    await watched.ticks(30);
    const on = await opened(watched);
    await on.page.evaluate(`location.hash = "#source/${SCHEDULE}"`);
    await on.page.getByRole("button", { name: "Release" }).click();
    const { plan, done } = await carryOut(on, { "Reason, for the audit": "month end" }, "Enable it");
    expect(plan).toContain("is held by an-hour until");
    expect(done).toContain("enabled again");
  });

  it("says in its place why something was not done", async () => {
    const watched = await account();
    const on = await opened(watched);
    await on.page
      .locator("#runs tbody tr", { hasText: live(watched) })
      .getByRole("button", { name: "Let" })
      .click();
    const dialog = on.page.locator("dialog.asking");
    await dialog.getByLabel("Until", { exact: true }).fill("soonish");
    await dialog.getByLabel("Reason, for the audit").fill("x");
    await on.page.keyboard.press("Enter");
    await on.page.getByRole("alert").waitFor();
    expect(await on.page.getByRole("alert").innerText()).toMatch(/Not done: .*soonish/);
  });

  it("moves a limit by keyboard, has a bound for the limit as written alone, and copies the policy", async () => {
    const { page } = await opened(await account());
    await page.getByRole("button", { name: "Try another limit" }).click();
    await page.getByLabel("Rule").selectOption("cost");
    const slider = page.getByRole("slider");
    await slider.waitFor();
    const panel = page.locator("#what-if");
    expect(await panel.innerText()).toContain("at 95 % confidence");
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => panel.innerText()).toContain("This limit has no bound");
    await panel.getByRole("button", { name: "Make policy.yaml" }).click();
    await panel.getByRole("button", { name: "Copy as policy.yaml" }).click();
    await panel.getByText("Copied").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toMatch(
      /^version: 1\n[\s\S]*usageTotalUsd: /,
    );
  });

  it("only shows without --act, and says how to get more", async () => {
    const watched = await account();
    const { page } = await opened(watched, { canAct: false });
    expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(0);
    await page.evaluate(`location.hash = "#run/${live(watched)}"`);
    await page.locator("dialog.drawer").getByRole("heading", { name: "Rules" }).waitFor();
    expect(await page.locator("dialog.drawer").getByRole("button", { name: "Stop" }).count()).toBe(0);
  });

  it("fits into 320, 800 and 1,440 px, and is pictured so in docs", async () => {
    const { page } = await opened(await account());
    const drawer = page.locator("dialog.drawer");
    for (const width of [1440, 800, 320]) {
      await page.setViewportSize({ width, height: 900 });
      const beyond = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect([width, beyond]).toEqual([width, 0]);
      await picture(page, `console-${width}.png`);
      await page.locator("#runs tbody tr a.name").first().click();
      await drawer.getByRole("heading", { name: "Rules" }).waitFor();
      expect(await drawer.evaluate((node) => node.scrollWidth - node.clientWidth)).toBe(0);
      if (width === 800) await picture(page, "console-run.png");
      await page.keyboard.press("Escape");
      await drawer.waitFor({ state: "detached" });
    }
  });

  it("says in a fifth tab that four are open, and shows all there once one of them is closed", async () => {
    const { page, origin } = await opened(await account());
    const tabs = await Promise.all(Array.from({ length: 3 }, () => page.context().newPage()));
    for (const tab of tabs) {
      await tab.goto(`${origin}/`);
      await tab.getByText("last complete tick").waitFor();
    }
    const fifth = await page.context().newPage();
    await fifth.goto(`${origin}/`);
    await fifth.getByText("four others are open").waitFor();
    await tabs[0]?.close();
    await fifth.getByText("last complete tick").waitFor();
  });

  it("has no findings of axe in light and dark, dialogs and drawers included", async () => {
    const { page } = await opened(await account());
    const inBoth = async (): Promise<void> => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect([colorScheme, ...(await findings(page))]).toEqual([colorScheme]);
      }
    };
    await page.getByRole("button", { name: "Try another limit" }).click();
    await page.getByLabel("Rule").selectOption("cost");
    await page.getByRole("slider").waitFor();
    await inBoth();
    await page.locator("#runs tbody tr a.name").first().click();
    await page.locator("dialog.drawer").getByRole("heading", { name: "Rules" }).waitFor();
    await inBoth();
    await page.locator("dialog.drawer").getByRole("button", { name: "Let run" }).click();
    await page.locator("dialog.asking").waitFor();
    await inBoth();
  });
});
