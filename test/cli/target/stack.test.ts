import { describe, expect, it, onTestFinished } from "vitest";
import { type Pointer, pointerDocument } from "../../../functions/pointer.ts";
import { createDynamoStores } from "../../../src/adapters/dynamodb/stores.ts";
import { pretendStacks } from "../../support/deployed/pretend-stacks.ts";
import { createTables, engineMissing, startEngine } from "../../support/engines/engine.ts";
import { emptyFolder, program } from "../support.ts";

const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:it-AbCdEf";
const TABLES = { stateTable: "acme-state", auditTable: "acme-audit" };

const outputOf = (more: Partial<Pointer> = {}): string =>
  JSON.stringify(
    pointerDocument({
      account: "acme",
      region: "eu-west-1",
      ...TABLES,
      apifyTokenSecret: SECRET,
      functionName: "f",
      ...more,
    }),
  );

type Scene = { readonly secret?: string; readonly outputs?: Readonly<Record<string, string>> };

/** A stack `Acme` with its tables, and a pretend Apify that must hear nothing of what is no token. */
async function scene({ secret = "a secret", outputs }: Scene = {}) {
  const engine = await startEngine();
  onTestFinished(() => engine.stop());
  const client = engine.client();
  await createTables(client, TABLES);
  const heard: string[] = [];
  const { createServer } = await import("node:http");
  const apify = createServer((request, response) => {
    heard.push(`${request.url} ${request.headers.authorization}`);
    response.statusCode = 401;
    response.end("{}");
  });
  await new Promise<void>((resolve) => apify.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void apify.close());
  const apifyApiUrl = `http://127.0.0.1:${(apify.address() as { port: number }).port}`;
  const aws = await pretendStacks({
    stacks: { Acme: outputs ?? { Somewhere: outputOf({ apifyApiUrl }) } },
    secrets: { [SECRET]: secret },
  });
  const env = { ...aws.env, AWS_ENDPOINT_URL_DYNAMODB: engine.url };
  const cwd = await emptyFolder();
  const random = Math.random;
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  return {
    heard,
    asked: aws.asked,
    watchdog: (argv: readonly string[], more: Record<string, string> = {}) =>
      program("cli/main.ts", argv, cwd, { ...env, ...more }).ended(),
    stateOf: (account: string) => createDynamoStores({ client, ...TABLES, account, random, sleep }).state,
  };
}

const PAUSE = ["pause", "--reason", "trying", "--yes"];

describe.skipIf(engineMissing)(`--stack${engineMissing ? ` (${engineMissing})` : ""}`, () => {
  it("acts on the account that the stack's output names, and says which", async () => {
    const { watchdog, stateOf, asked } = await scene();
    const { code, err } = await watchdog([...PAUSE, "--stack", "Acme"]);
    expect(err).toBe("Target: stack Acme, account acme\nNo tick has looked at this account yet: acme.\n");
    expect(code).toBe(0);
    expect((await stateOf("acme").readControl()).pause?.reason).toBe("trying");
    // Nothing but where things are was asked for: no secret is read for a pause.
    expect(asked).toEqual(["DescribeStacks Acme"]);
  });

  it("tells the target in JSON, with the Apify user once a tick has seen it", async () => {
    const { watchdog, stateOf } = await scene();
    await stateOf("acme").writeControl(
      { revision: 0, recentIntents: [], openIntents: [], apifyUserId: "user17" },
      0,
    );
    const { out } = await watchdog(["runs", "--json", "--stack", "Acme"], { ACCOUNT: "other" });
    expect(JSON.parse(out)).toMatchObject({
      target: { kind: "stack", name: "Acme", account: "acme", apifyUser: "user17" },
      runs: [],
    });
  });

  it.each(["hunter2-correct.horse", "a".repeat(65), "apify_api_abc.def"])(
    "sends no secret to Apify that does not look like a token: %s",
    async (secret) => {
      const { watchdog, heard } = await scene({ secret });
      const { code, err } = await watchdog(["scan", "--stack", "Acme"]);
      expect(err).toContain(`What is in the secret ${SECRET} does not look like an Apify API token`);
      expect(err).not.toContain(secret);
      expect({ code, heard }).toEqual({ code: 1, heard: [] });
    },
  );

  it("sends a token to the stack's Apify alone, whatever else the environment says", async () => {
    const { watchdog, heard } = await scene({ secret: "apify_api_Token17" });
    await watchdog(["scan", "--stack", "Acme"], { APIFY_API_URL: "http://127.0.0.1:9" });
    expect(heard[0]).toBe("/v2/users/me Bearer apify_api_Token17");
  });

  it("is also what watchdog use keeps, which every answer says", async () => {
    const { watchdog } = await scene();
    const settings = { XDG_CONFIG_HOME: await emptyFolder() };
    const [wrong, used] = [
      await watchdog(["use", "Acne"], settings),
      await watchdog(["use", "Acme"], settings),
    ];
    expect(wrong).toMatchObject({ code: 2, out: "" });
    expect(used).toMatchObject({ code: 0, err: "Target: stack Acme, account acme\n" });
    const { out } = await watchdog(["runs", "--json"], settings);
    expect(JSON.parse(out).target).toEqual({ kind: "stack", name: "Acme", account: "acme", from: "use" });
  });

  it("refuses to choose where the stack has two, and where its version is old", async () => {
    const two = { A: outputOf(), B: outputOf({ account: "shop" }) };
    const { watchdog, stateOf } = await scene({ outputs: two });
    const chosen = await watchdog([...PAUSE, "--stack", "Acme"]);
    expect(chosen).toMatchObject({ code: 2, out: "" });
    expect(chosen.err).toContain("of the accounts acme, shop: say which one with --account");
    expect((await watchdog([...PAUSE, "--stack", "Acme", "--account", "shop"])).code).toBe(0);
    expect((await stateOf("shop").readControl()).pause).toBeDefined();
    expect((await stateOf("acme").readControl()).pause).toBeUndefined();
    expect((await watchdog(["runs", "--stack", "Acne"])).err).toContain("There is no stack Acne");
  });
});
