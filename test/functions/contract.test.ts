import { describe, expect, it } from "vitest";
import { readWatchdogEnv } from "../../functions/contract.ts";

const TABLES = { STATE_TABLE: "state", AUDIT_TABLE: "audit" };

const problemsOf = (env: Record<string, string>): string => {
  try {
    readWatchdogEnv(env);
    return "none";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("readWatchdogEnv()", () => {
  it("fills in the account, Apify's API and the abort endpoint", () => {
    expect(readWatchdogEnv({ ...TABLES, APIFY_TOKEN: "t" })).toMatchObject({
      ACCOUNT: "default",
      APIFY_API_URL: "https://api.apify.com",
      APIFY_ABORT_ENDPOINT: "actor-runs",
    });
  });

  it("agrees to holds only where it says so in so many words", () => {
    const agrees = (ALLOW_HOLDS?: string) =>
      readWatchdogEnv({ ...TABLES, APIFY_TOKEN: "t", ...(ALLOW_HOLDS !== undefined && { ALLOW_HOLDS }) })
        .ALLOW_HOLDS;
    expect([agrees(), agrees("false"), agrees("true")]).toEqual([false, false, true]);
    expect(problemsOf({ ...TABLES, APIFY_TOKEN: "t", ALLOW_HOLDS: "yes" })).toContain(
      'ALLOW_HOLDS can\'t be used: wanted "true" or "false"',
    );
  });

  it("names every variable that is missing, and what to do, at once", () => {
    expect(problemsOf({})).toBe(
      [
        "the watchdog's environment can't be used:",
        "  STATE_TABLE is missing: wanted the name of the DynamoDB table for state; the stack's outputs have it",
        "  AUDIT_TABLE is missing: wanted the name of the DynamoDB table for the audit; the stack's outputs have it",
        "  no Apify token: set APIFY_TOKEN_SECRET (the ARN of a secret), APIFY_TOKEN_PARAMETER (an SSM parameter) or, on your own machine, APIFY_TOKEN",
      ].join("\n"),
    );
  });

  it("takes an empty variable for a missing one", () => {
    expect(problemsOf({ STATE_TABLE: "", AUDIT_TABLE: "audit", APIFY_TOKEN: "t" })).toContain(
      "STATE_TABLE is missing",
    );
  });

  it("refuses an endpoint, a URL and an account that can't be meant", () => {
    const problems = problemsOf({
      ...TABLES,
      APIFY_TOKEN: "t",
      APIFY_ABORT_ENDPOINT: "runs",
      APIFY_API_URL: "api.apify.com",
      ACCOUNT: "a#b",
    });
    expect(problems).toContain('APIFY_ABORT_ENDPOINT can\'t be used: wanted "actor-runs" or "acts"');
    expect(problems).toContain(
      "APIFY_API_URL can't be used: wanted a URL, for example https://api.apify.com",
    );
    expect(problems).toContain("ACCOUNT can't be used: wanted a name of letters");
  });

  it("refuses a URL without a host, which would be read as another", () => {
    expect(problemsOf({ ...TABLES, APIFY_TOKEN: "t", APIFY_API_URL: "http:foo" })).toContain(
      "APIFY_API_URL can't be used: wanted an https URL, or an http one of this machine",
    );
  });

  it.each(["http://apify.example.com", "http://127.0.0.1.example.com", "http://10.0.0.1:4010"])(
    "sends no token in the clear to another machine: %s",
    (url) => {
      expect(problemsOf({ ...TABLES, APIFY_TOKEN: "t", APIFY_API_URL: url })).toContain(
        "wanted an https URL",
      );
    },
  );

  it.each([
    "http://127.0.0.1:4010",
    "http://localhost:4010",
    "http://[::1]:4010",
    "https://apify.example.com",
  ])("takes a URL of this machine, or one that is encrypted: %s", (url) => {
    expect(readWatchdogEnv({ ...TABLES, APIFY_TOKEN: "t", APIFY_API_URL: url }).APIFY_API_URL).toBe(url);
  });

  it("refuses two tokens, for it could not say which one counts", () => {
    expect(problemsOf({ ...TABLES, APIFY_TOKEN: "t", APIFY_TOKEN_PARAMETER: "/p" })).toContain(
      "more than one Apify token: keep one of APIFY_TOKEN_PARAMETER, APIFY_TOKEN",
    );
  });

  it("never shows what may be a secret", () => {
    expect(problemsOf({ APIFY_TOKEN: "apify_api_very_secret", ACCOUNT: "a b" })).not.toContain("very_secret");
  });
});
