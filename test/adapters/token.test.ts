import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, it, onTestFinished } from "vitest";
import { environmentToken, secretsManagerToken, ssmParameterToken } from "../../src/adapters/token/index.ts";
import { ConfigError } from "../../src/watchdog/model/errors.ts";
import type { Clock, TokenSource } from "../../src/watchdog/model/ports.ts";

const ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:apify-AbCdEf";
const PARAMETER = "/watchdog/apify-token";
const HOUR = 3_600_000;

type Answer = string | { readonly error: string; readonly status?: number };

/** A clock that stands still until it is moved. */
function stillClock(): Clock & { move(ms: number): void } {
  let now = Date.parse("2026-09-01T12:00:00.000Z");
  return {
    now: () => new Date(now),
    monotonicMs: () => now,
    sleep: async () => undefined,
    move: (ms) => {
      now += ms;
    },
  };
}

/** Answers like Secrets Manager and Systems Manager (JSON 1.1); the last answer repeats. */
async function aws(...answers: readonly Answer[]) {
  const asked: unknown[] = [];
  const server = createServer(async (request, response) => {
    asked.push({ target: request.headers["x-amz-target"], ...JSON.parse(await text(request)) });
    const answer = answers[Math.min(asked.length, answers.length) - 1] ?? "";
    response.setHeader("content-type", "application/x-amz-json-1.1");
    if (typeof answer === "string") {
      response.end(
        JSON.stringify({ SecretString: answer, Parameter: { Value: answer, Type: "SecureString" } }),
      );
    } else {
      response
        .writeHead(answer.status ?? 400)
        .end(JSON.stringify({ __type: answer.error, message: "as AWS says it" }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise((resolve) => void server.close(() => resolve()).closeAllConnections()));
  const address = server.address();
  const config = {
    endpoint: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  const clock = stillClock();
  const secret = secretsManagerToken(ARN, clock, new SecretsManagerClient(config));
  const parameter = ssmParameterToken(PARAMETER, clock, new SSMClient(config));
  return { asked, clock, secret, parameter };
}

const messageOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => new Error("no failure"),
    (each: unknown) => each,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return (error as Error).message;
};

describe("environmentToken()", () => {
  it("is the value without the white space around it, and says where it comes from", async () => {
    const token = environmentToken("  apify_api_abc\n");
    expect([await token.get(), await token.refresh()]).toEqual(["apify_api_abc", "apify_api_abc"]);
    expect(token.describe()).toBe("APIFY_TOKEN in the environment");
  });

  it.each(["", " \n"])("refuses nothing at all: %j", (value) => {
    expect(() => environmentToken(value)).toThrow(
      new ConfigError("APIFY_TOKEN in the environment is empty: put an Apify API token there."),
    );
  });

  it.each(['"s3cret"', "s3cret s3cret", "s3cret\nx", "s3crét", "s3cret,"])(
    "refuses %j without showing it",
    (value) => {
      expect(() => environmentToken(value)).toThrow(
        /^APIFY_TOKEN in the environment holds something(?!.*s3cr)/s,
      );
    },
  );
});

describe.each(["secret", "parameter"] as const)("the token in an AWS %s", (kind) => {
  const where = kind === "secret" ? `the secret ${ARN}` : `the SSM parameter ${PARAMETER}`;
  const The = `T${where.slice(1)}`;

  it("is read at the first need, decrypted, and kept for an hour", async () => {
    const { asked, clock, ...sources } = await aws("first", "second");
    const source: TokenSource = sources[kind];
    expect(source.describe()).toBe(where);
    expect(asked).toHaveLength(0);
    expect(await source.get()).toBe("first");
    clock.move(HOUR - 1);
    expect(await source.get()).toBe("first");
    clock.move(1);
    expect(await source.get()).toBe("second");
    const wanted =
      kind === "secret"
        ? { target: "secretsmanager.GetSecretValue", SecretId: ARN }
        : { target: "AmazonSSM.GetParameter", Name: PARAMETER, WithDecryption: true };
    expect(asked).toEqual([wanted, wanted]);
  });

  it("is read again when the clock was set back, and not kept until it has caught up", async () => {
    const { clock, ...sources } = await aws("first", "second");
    expect(await sources[kind].get()).toBe("first");
    clock.move(-1);
    expect(await sources[kind].get()).toBe("second");
    clock.move(HOUR - 1);
    expect(await sources[kind].get()).toBe("second");
  });

  it("is read again when it was refused, once for all who ask at the same time", async () => {
    const { asked, ...sources } = await aws("first", "second");
    expect(await sources[kind].get()).toBe("first");
    const fresh = await Promise.all([
      sources[kind].refresh(),
      sources[kind].refresh(),
      sources[kind].refresh(),
    ]);
    expect(fresh).toEqual(["second", "second", "second"]);
    expect(await sources[kind].get()).toBe("second");
    expect(asked).toHaveLength(2);
  });

  it.each([
    ["bare", "apify_api_abc\n"],
    ["under token", '{"token":" apify_api_abc "}'],
    ["under APIFY_TOKEN", '\n{ "other": 1, "APIFY_TOKEN": "apify_api_abc" }'],
    ["under apifyToken", '{"apifyToken":"apify_api_abc"}'],
  ])("may stand there %s", async (_how, stored) => {
    expect(await (await aws(stored))[kind].get()).toBe("apify_api_abc");
  });

  it.each([
    [
      '{"password":"s3cret"}',
      "is JSON without a token. Put the bare Apify API token there, or a JSON object with one of the keys token, APIFY_TOKEN, apifyToken.",
    ],
    ['{"token":17}', "is JSON without a token."],
    ['{"token":"s3cret', "begins like JSON but is not."],
    ['{"token":""}', "is empty: put an Apify API token there."],
    ["", "is empty: put an Apify API token there."],
    ["s3cret s3cret", "holds something that is no Apify API token"],
  ])("is told to be unusable without being shown: %s", async (stored, expected) => {
    const message = await messageOf((await aws(stored))[kind].get());
    expect(message).toContain(`${The} ${expected}`);
    expect(message).not.toContain("s3cret");
  });

  const missing = kind === "secret" ? "ResourceNotFoundException" : "ParameterNotFound";
  const permission = kind === "secret" ? "secretsmanager:GetSecretValue" : "ssm:GetParameter";
  const setting = kind === "secret" ? "APIFY_TOKEN_SECRET" : "APIFY_TOKEN_PARAMETER";
  it.each([
    [
      missing,
      `In this AWS account and region, ${where} does not exist, or holds nothing yet: put an Apify API token there, or correct ${setting}.`,
    ],
    [
      "AccessDeniedException",
      `Reading ${where} was denied (AccessDeniedException): this identity needs ${permission} on it, and kms:Decrypt if a key of yours encrypts it.`,
    ],
    [
      "InvalidKeyId",
      `AWS could not decrypt ${where} (InvalidKeyId): this identity needs kms:Decrypt on its key, and the key must be enabled.`,
    ],
    [
      "ValidationException",
      `AWS can't read ${where} (ValidationException): correct ${setting}, or restore it.`,
    ],
  ])("says what to do about %s", async (error, expected) => {
    const { [kind]: source } = await aws({ error });
    expect(await messageOf(source.get())).toBe(expected);
  });

  it("serves on for now when the hourly read fails for now, and not when it is denied", async () => {
    const { clock, ...sources } = await aws(
      "first",
      { error: "InternalServiceError", status: 500 },
      { error: "AccessDeniedException" },
      { error: "InternalServiceError", status: 500 },
    );
    expect(await sources[kind].get()).toBe("first");
    clock.move(HOUR);
    expect(await sources[kind].get()).toBe("first");
    await expect(sources[kind].get()).rejects.toBeInstanceOf(ConfigError);
    await expect(sources[kind].refresh()).rejects.toThrow(
      `Could not read ${where}: InternalServiceError: as AWS says it`,
    );
  });
});
