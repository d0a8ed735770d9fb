import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { NOTICE_VERSION } from "../../../src/watchdog/model/notice.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const read = (path: string) => JSON.parse(readFileSync(root + path, "utf8"));

type Schema = { readonly [key: string]: unknown };

/** The same schema, taking no field that it does not describe. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, strict(value)]),
  ) as Schema;
  return inner.type === "object" && "properties" in inner ? { additionalProperties: false, ...inner } : inner;
}

const schema = read("docs/notice.schema.json");
const validate = new Ajv({ strict: true, allErrors: true }).compile(strict(schema) as object);
const events = readdirSync(`${root}test/notices`).filter((name) => name.endsWith(".event.json"));

describe("the schema of notices", () => {
  it.each(events)("describes every field of %s", (name) => {
    expect(validate(read(`test/notices/${name}`)) ? [] : validate.errors).toEqual([]);
  });

  it("is of the version that notices say", () => {
    expect(schema.properties.version.const).toBe(NOTICE_VERSION);
  });

  it("refuses what is none of its version, and what lacks a field that programs rely on", () => {
    const { id: _id, ...rest } = read("test/notices/stopped.event.json");
    expect(validate(rest)).toBe(false);
    expect(validate({ ...rest, id: "x", version: 2 })).toBe(false);
  });

  it("lets fields be added, for who reads an older copy of it", () => {
    const tolerant = new Ajv({ strict: true }).compile(schema);
    expect(tolerant({ ...read("test/notices/stopped.event.json"), added: { later: true } })).toBe(true);
  });
});
