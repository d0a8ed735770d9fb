import type { Clock, TokenSource } from "../../watchdog/model/ports.ts";
import { cachedToken } from "./cached-token.ts";
import { parameterReader } from "./read-parameter.ts";
import { secretReader } from "./read-secret.ts";

/** Where a text is kept secret. */
export type SecretPlace = { readonly secretArn: string } | { readonly parameterName: string };

/** A secret that is no token, read as it is; kept and read again as a token is. `setting`: the name of what says where, for messages. */
export function secretText(place: SecretPlace, setting: string, clock: Clock): TokenSource {
  const { where, read } =
    "secretArn" in place
      ? secretReader(place.secretArn, setting)
      : parameterReader(place.parameterName, setting);
  return cachedToken(where, clock, read);
}
