import { describe, expect, it } from "vitest";
import { checkLayers } from "./layers.ts";
import type { Source } from "./sources.ts";

const importing = (path: string, name: string): Source => ({
  path,
  source: `import { x } from "${name}";\n`,
});

describe("checkLayers()", () => {
  it.each([
    ["src/policy/decide.ts", "node:fs"],
    ["src/policy/decide.ts", "p-limit"],
    ["src/policy/limits/stats.ts", "../../watchdog/ports.ts"],
    ["src/policy/decide.ts", "../adapters/system.ts"],
    ["src/watchdog/tick.ts", "../adapters/memory/stores.ts"],
    ["src/watchdog/tick.ts", "../policy/decide.ts"],
    ["src/watchdog/tick.ts", "@aws-sdk/client-dynamodb"],
    ["src/watchdog/tick.ts", "node:fs"],
    ["src/watchdog/tick.ts", "../../test/support/builders.ts"],
    ["src/watchdog/tick.ts", "../../functions/contract.ts"],
    ["src/adapters/memory/stores.ts", "../dynamodb/stores.ts"],
    ["src/adapters/memory/stores.ts", "../../watchdog/ledger/record.ts"],
    ["src/adapters/dynamodb/stores.ts", "../../watchdog/audit/append.ts"],
    ["src/adapters/dynamodb/stores.ts", "../../watchdog/tick/tick.ts"],
    ["src/adapters/apify/apify.ts", "../system.ts"],
    ["src/adapters/apify/apify.ts", "../../policy/money.ts"],
    ["src/adapters/apify/apify.ts", "apify-client"],
    ["src/adapters/dynamodb/stores.ts", "../../../emulator/index.ts"],
    ["src/adapters/system.ts", "./token/index.ts"],
    ["functions/watchdog.ts", "../cli/compose.ts"],
    ["functions/runtime.ts", "../emulator/index.ts"],
    ["functions/runtime.ts", "fast-check"],
    ["cli/start.ts", "../test/support/world.ts"],
    ["cli/start.ts", "../infra/stack.ts"],
    ["infra/stack.ts", "../functions/runtime.ts"],
    ["infra/stack.ts", "../src/adapters/dynamodb/stores.ts"],
    ["infra/stack.ts", "../src/policy/parse.ts"],
    ["infra/stack.ts", "../src/watchdog/operate.ts"],
    ["console/server.ts", "../src/adapters/memory/stores.ts"],
    ["build/main.ts", "../infra/index.ts"],
    ["emulator/run.ts", "../src/policy/index.ts"],
    ["emulator/run.ts", "valibot"],
    ["emulator/run.ts", "../test/emulator/support.ts"],
  ])("refuses that %s imports %j, and says what to do", (path, name) => {
    expect(checkLayers([importing(path, name)])).toEqual([
      expect.stringMatching(
        new RegExp(`^${path} imports "${name.replaceAll(".", "\\.")}", which .+ may not: .+\\.$`),
      ),
    ]);
  });

  it.each([
    ["src/policy/schema.ts", "valibot"],
    ["src/policy/limits/stats.ts", "../bytes.ts"],
    ["src/watchdog/entry.ts", "node:crypto"],
    ["src/watchdog/tick.ts", "../policy/index.ts"],
    ["src/adapters/dynamodb/stores.ts", "@aws-sdk/client-dynamodb"],
    ["src/adapters/memory/stores.ts", "../../watchdog/model/ports.ts"],
    ["src/adapters/dynamodb/stores.ts", "../../watchdog/stored/codec.ts"],
    ["functions/runtime.ts", "../src/adapters/system.ts"],
    ["cli/compose.ts", "../functions/contract.ts"],
    ["cli/scene.ts", "../emulator/index.ts"],
    ["infra/stack.ts", "../functions/contract.ts"],
    ["infra/stack.ts", "../src/adapters/dynamodb/table.ts"],
    ["infra/props/policy-variable.ts", "../src/policy/index.ts"],
    ["infra/stack.ts", "aws-cdk-lib/aws-dynamodb"],
    ["build/main.ts", "../functions/build.ts"],
    ["emulator/main.ts", "node:http"],
  ])("allows that %s imports %j", (path, name) => {
    expect(checkLayers([importing(path, name)])).toEqual([]);
  });

  it("refuses a folder that the layout does not know", () => {
    expect(checkLayers([importing("src/utils/time.ts", "node:fs")])).toEqual([
      "src/utils/time.ts is in no folder that the layout knows; move it to one, or add its folder to the table of layers.",
    ]);
  });
});
