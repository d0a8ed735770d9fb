import { ConfigError } from "../../watchdog/model/errors.ts";
import type { Channel } from "../../watchdog/model/notice.ts";
import type { Clock } from "../../watchdog/model/ports.ts";
import { addressIn, postJson } from "./post-json.ts";
import { type Secret, secretChannel } from "./secret-channel.ts";
import { signatureHeaders, signingKey } from "./signature.ts";

/** What the secret of a webhook holds: `{ "url": "https://…", "key": "whsec_…" }`. */
function receiverIn(text: string, where: string) {
  const wanted = `wanted JSON with "url" and "key"`;
  let parsed: { readonly url?: unknown; readonly key?: unknown } | null;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Without its cause: the parser quotes the text around the mistake.
    throw new ConfigError(`${where} is no JSON: ${wanted}`);
  }
  const { url, key } = parsed ?? {};
  if (typeof url !== "string" || typeof key !== "string")
    throw new ConfigError(`${where} lacks a text: ${wanted}`);
  return { address: addressIn(url, where), key: signingKey(key, where) };
}

/** Posts each notice by itself to a receiver, signed. One that fails is an error: those after it are not sent then. */
export const webhook = (secret: Secret, clock: Pick<Clock, "now" | "sleep">): Channel =>
  secretChannel(secret, async (text, notices) => {
    const { address, key } = receiverIn(text, secret.describe());
    const statuses = new Set<number>();
    for (const notice of notices) {
      const body = JSON.stringify(notice);
      const headers = signatureHeaders({ id: notice.id, body, now: clock.now() }, key);
      statuses.add(await postJson({ address, body, headers }, clock));
    }
    return { said: `the receiver answered ${[...statuses].join(", ")}` };
  });
