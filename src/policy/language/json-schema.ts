import { type JsonSchema, jsonSchemaOf } from "../values/forms.ts";
import { policySchema } from "./schema/schema.ts";

/**
 * The policy language as editors are told of it: JSON Schema, draft 2020-12. What hangs on two places at once, on the list
 * of time zones or on the length of a span, only `parsePolicy` tells.
 */
export const policyJsonSchema = (): JsonSchema => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "policy.schema.json",
  title: "A policy of apify-run-watchdog",
  description: "Which Apify Actor runs may cost how much and take how long, and what to do about the others.",
  ...jsonSchemaOf(policySchema),
});
