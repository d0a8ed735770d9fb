import { describe, expect, it } from "vitest";
import { checkContext, checkPorts } from "./wholes.ts";

describe("checkContext()", () => {
  it.each([
    ["src/watchdog/stop/stop.ts", 'import type { Context } from "../tick/context.ts";'],
    ["src/watchdog/model/skip.ts", 'import { type Context as All, noted } from "../tick/context.ts";'],
    ["src/watchdog/ledger/record.ts", 'import type { Context } from "../model/context.ts";'],
    ["cli/commands/scan.ts", 'import type { Context } from "../../src/watchdog/tick/context.ts";'],
  ])("refuses that %s says %s", (path, source) => {
    expect(checkContext([{ path, source }])).toEqual([
      `${path} takes the whole Context, which src/watchdog/tick/ alone may: take the part that is used, whose type belongs in src/watchdog/model/; else the file belongs in src/watchdog/tick/.`,
    ]);
  });

  it.each([
    ["src/watchdog/tick/watch.ts", 'import type { Context } from "./context.ts";'],
    ["src/watchdog/overrule/undo.ts", 'import { openPass } from "../tick/context.ts";'],
    ["functions/watchdog.ts", 'import type { Context } from "aws-lambda";'],
  ])("allows that %s says %s", (path, source) => {
    expect(checkContext([{ path, source }])).toEqual([]);
  });
});

describe("checkPorts()", () => {
  const check = (source: string, path = "src/watchdog/audit/append.ts") => checkPorts([{ path, source }], []);

  it.each([
    'import type { Ports } from "../model/ports.ts";\nconst append = (ports: Ports) => ports;',
    "type Fresh = { readonly copy: Ports };",
    'const rest = (ports: Omit<Ports, "audit">) => ports;',
  ])("refuses %j", (source) => {
    expect(check(source)).toEqual([
      'src/watchdog/audit/append.ts names the whole Ports: take the part that is used, for example Pick<Ports, "audit" | "clock">, or list it with its reason.',
    ]);
  });

  it.each([
    'import type { Ports } from "../model/ports.ts";\nconst append = (ports: Pick<Ports, "audit">) => ports;',
    'type Stores = Pick<\n  Ports,\n  "state" | "audit"\n>;',
    'const read = (state: Ports["state"]) => state;',
    "/** Ports are handed in. */",
    "type LocalPorts = { readonly audit: AuditStore };",
  ])("allows %j", (source) => {
    expect(check(source)).toEqual([]);
  });

  it("allows whom it lists, what composes them, and strikes who no longer needs it", () => {
    const source = "export type Ports = { readonly account: string };";
    const allowed = [{ path: "src/watchdog/model/ports.ts", why: "declares them" }];
    const composing = { path: "functions/runtime.ts", source: "const ports: Ports = all;" };
    expect(checkPorts([{ path: "src/watchdog/model/ports.ts", source }, composing], allowed)).toEqual([]);
    expect(checkPorts([composing], allowed)).toEqual([
      "src/watchdog/model/ports.ts no longer names the whole Ports; strike it from the list.",
    ]);
  });
});
