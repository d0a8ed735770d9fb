import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { worldNames } from "../../../emulator/index.ts";

const root = new URL("../../../", import.meta.url);
const page = readFileSync(new URL("docs/emulator.md", root), "utf8");

test("the emulator's page has every world", () => {
  for (const name of worldNames) expect(page).toContain(`\`${name}\``);
});

test("the emulator's page names no setting that is not declared", () => {
  const declared = readdirSync(new URL("emulator/world", root))
    .map((file) => readFileSync(new URL(`emulator/world/${file}`, root), "utf8"))
    .join("\n");
  const rows = page.split("\n").filter((line) => /^\| `/.test(line));
  const settings = rows.slice(rows.findIndex((line) => line.includes("`cost`"))).flatMap((line) => {
    const [, names = ""] = line.split("|");
    return [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  });
  expect(settings.length).toBeGreaterThan(20);
  for (const name of settings) expect(declared).toMatch(new RegExp(`readonly ${name}\\??:`));
});
