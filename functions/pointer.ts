import * as v from "valibot";
import { ConfigError } from "../src/watchdog/model/errors.ts";

/** What marks an output as ours, whatever it is called: a key of its JSON, and the version of its form. */
const MARK = "apifyRunWatchdog";
export const POINTER_VERSION = 1;

const name = v.pipe(v.string(), v.minLength(1));

const schema = v.object({
  account: name,
  region: name,
  stateTable: name,
  auditTable: name,
  apifyTokenSecret: v.optional(name),
  apifyTokenParameter: v.optional(name),
  apifyApiUrl: v.optional(name),
  functionName: name,
  notifierName: v.optional(name),
  courierName: v.optional(name),
  stopTopic: v.optional(name),
  checkpointLog: v.optional(name),
});

/**
 * Where one watchdog has its things: the construct writes it into an output of its stack, the command line reads it there with
 * `--stack`. `apifyTokenSecret` and `stopTopic` are ARNs.
 */
export type Pointer = v.InferOutput<typeof schema>;

/** As the output holds it, for a JSON writer. */
export const pointerDocument = (pointer: Pointer): Readonly<Record<string, unknown>> => ({
  [MARK]: POINTER_VERSION,
  ...pointer,
});

function documentIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return text.startsWith("{") ? JSON.parse(text) : {};
  } catch {
    return {};
  }
}

/**
 * The pointer in the value of an output; `undefined` for any other output. Throws `ConfigError` on one that a newer version
 * wrote, or that is damaged.
 */
export function pointerIn(text: string): Pointer | undefined {
  const document = documentIn(text);
  if (!Object.hasOwn(document, MARK)) return undefined;
  const version = document[MARK];
  if (typeof version === "number" && version > POINTER_VERSION) {
    throw new ConfigError(
      `The stack was deployed by a newer version of the watchdog: its output has version ${version}, and this command line knows ${POINTER_VERSION}. ` +
        "Upgrade it: npx apify-run-watchdog@latest",
    );
  }
  const parsed = v.safeParse(schema, document);
  if (version === POINTER_VERSION && parsed.success) return parsed.output;
  throw new ConfigError(
    "The output that the watchdog wrote for its command line is damaged: deploy the stack again.",
  );
}
