import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildFunctions, builtFunction } from "../../functions/build.ts";

const run = promisify(execFile);

/** An AWS service that answers everything the same way, and what it was asked. */
async function service(status: number, answer: object) {
  const asked: { readonly target: string | undefined; readonly authorization: string | undefined }[] = [];
  const server = createServer(({ headers }, response) => {
    asked.push({ target: headers["x-amz-target"]?.toString(), authorization: headers.authorization });
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections()),
  );
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };

/** What a look answers that has empty tables, finds its token as these variables say, and an Apify that does not listen. */
async function look(env: Readonly<Record<string, string>>): Promise<{ name: string; message: string }> {
  const tick = `const { handler } = await import(process.argv[1]);
    const answer = await handler({}, {}).catch(({ name, message }) => ({ name, message }));
    console.log("ANSWER " + JSON.stringify(answer));
    process.exit(0);`;
  const tables = await service(200, {});
  const { stdout } = await run(
    process.execPath,
    ["--input-type=module", "-e", tick, builtFunction("watchdog")],
    {
      env: {
        STATE_TABLE: "state",
        AUDIT_TABLE: "audit",
        APIFY_API_URL: "http://127.0.0.1:1",
        AWS_REGION: "us-east-1",
        AWS_ENDPOINT_URL_DYNAMODB: tables.url,
        ...env,
      },
    },
  );
  return JSON.parse(/^ANSWER (.*)$/m.exec(stdout)?.[1] ?? "null");
}

beforeAll(() => buildFunctions());

describe("the functions' bundles", () => {
  // Each byte is read, compiled and run at every cold start.
  it.each([
    { name: "watchdog", limit: 550_000 },
    { name: "notifier", limit: 300_000 },
    { name: "courier", limit: 270_000 },
  ])("$name stays under $limit bytes", ({ name, limit }) => {
    expect(statSync(builtFunction(name)).size).toBeLessThan(limit);
  });
});

describe("what the bundles leave out of the AWS SDK", () => {
  it("is nothing that reading a parameter needs", async () => {
    const ssm = await service(200, { Parameter: { Value: "apify_api_token" } });
    const env = { ...CREDENTIALS, AWS_ENDPOINT_URL_SSM: ssm.url, APIFY_TOKEN_PARAMETER: "/apify/token" };
    await look(env);
    expect(ssm.asked[0]?.target).toBe("AmazonSSM.GetParameter");
    expect(ssm.asked[0]?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=local\/.*\/ssm\/aws4_request/);
  });

  it.each([
    {
      error: "ParameterNotFound",
      says: "the SSM parameter /apify/token does not exist, or holds nothing yet: put an Apify API token there",
    },
    { error: "AccessDeniedException", says: "this identity needs ssm:GetParameter on it" },
    { error: "InvalidKeyId", says: "AWS could not decrypt the SSM parameter /apify/token (InvalidKeyId)" },
  ])("is nothing that tells $error of a parameter from other errors", async ({ error, says }) => {
    const ssm = await service(400, { __type: error, message: "no" });
    const env = { ...CREDENTIALS, AWS_ENDPOINT_URL_SSM: ssm.url, APIFY_TOKEN_PARAMETER: "/apify/token" };
    const { name, message } = await look(env);
    expect(name).toBe("ConfigError");
    expect(message).toContain(says);
  });

  it.each([
    { error: "ResourceNotFoundException", says: "the secret apify does not exist" },
    { error: "DecryptionFailure", says: "AWS could not decrypt the secret apify (DecryptionFailure)" },
  ])("is nothing that tells $error of a secret from other errors", async ({ error, says }) => {
    const secrets = await service(400, { __type: error, message: "no" });
    const env = {
      ...CREDENTIALS,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      APIFY_TOKEN_SECRET: "apify",
    };
    const { name, message } = await look(env);
    expect(name).toBe("ConfigError");
    expect(message).toContain(says);
  });

  it("is every source of credentials but the environment, and it says so where there are none", async () => {
    const { message } = await look({ APIFY_TOKEN_SECRET: "apify", HOME: "/nowhere" });
    expect(message).toContain("takes AWS credentials from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY");
  });
});
