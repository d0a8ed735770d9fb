import { describe, expect, it } from "vitest";
import { pointerAmong } from "../../../cli/target/stack-pointer.ts";
import { type Pointer, pointerDocument } from "../../../functions/pointer.ts";

const pointer = (account: string, more: Partial<Pointer> = {}): Pointer => ({
  account,
  region: "eu-west-1",
  stateTable: `${account}-state`,
  auditTable: `${account}-audit`,
  functionName: `${account}-function`,
  ...more,
});

const output = (OutputKey: string, OutputValue: string) => ({ OutputKey, OutputValue });
const pointing = (key: string, to: Pointer) => output(key, JSON.stringify(pointerDocument(to)));
const old = [output("StateTable", "state"), output("AuditTable", "audit"), output("Account", "default")];
const among = (outputs: Parameters<typeof pointerAmong>[0], account?: string) =>
  pointerAmong(outputs, { stack: "Shop", account });

describe("the one watchdog that a stack points to", () => {
  it("is found by what its output holds, whatever the output is called", () => {
    const acme = pointer("acme", { apifyTokenSecret: "arn:secret" });
    expect(among([...old, pointing("Whatever", acme), output("Json", '{"a":1}')])).toEqual(acme);
  });

  it("takes nothing from outputs that only look like a watchdog's by their names", () => {
    const others = [
      output("OrdersStateTable", "orders-state"),
      output("BillingAccount", "billing"),
      output("DatabaseSecretArn", "arn:database-password"),
    ];
    expect(among([...others, pointing("X", pointer("acme"))])).toEqual(pointer("acme"));
    expect(() => among(others)).toThrow("The stack Shop has no watchdog in it");
  });

  it("is none of several by chance: --account says which", () => {
    const two = [pointing("A", pointer("acme")), pointing("B", pointer("shop"))];
    expect(() => among(two)).toThrow(
      "The stack Shop has 2 watchdogs, of the accounts acme, shop: say which one with --account.",
    );
    expect(among(two, "shop")).toEqual(pointer("shop"));
    expect(() => among(two, "shopp")).toThrow("--account shopp: the stack Shop watches acme, shop.");
    expect(() => among([...two, pointing("C", pointer("shop"))], "shop")).toThrow(
      "has 2 watchdogs that call their account shop",
    );
  });

  it("is not guessed in a stack of an older version, which is told to be deployed again", () => {
    expect(() => among(old)).toThrow(
      /^The stack Shop was deployed by an older version of the watchdog.*Deploy it again with this version/,
    );
  });

  it.each([
    { text: '{"apifyRunWatchdog":2,"tables":[]}', says: "deployed by a newer version of the watchdog" },
    { text: '{"apifyRunWatchdog":1,"account":"acme"}', says: "is damaged: deploy the stack again" },
    { text: '{"apifyRunWatchdog":"1"}', says: "is damaged: deploy the stack again" },
  ])("is refused where it can't be read: $text", ({ text, says }) => {
    expect(() => among([output("X", text)])).toThrow(says);
  });

  it("does without what is no JSON of ours", () => {
    expect(() => among([output("X", "{not json"), output("Y", '"text"'), output("Z", "")])).toThrow(
      "no watchdog in it",
    );
  });
});
