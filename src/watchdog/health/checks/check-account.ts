import { LIVE_STATUSES } from "../../../policy/index.ts";
import { ClockError, isOfProcess } from "../../model/errors.ts";
import { messageOf } from "../../model/pass.ts";
import type { Ports, TokenUser } from "../../model/ports.ts";
import { type Check, failed, notKnown, passed } from "./check.ts";

type Asking = Pick<Ports, "apify" | "state"> & { readonly hasApify: boolean };

const WHERE =
  "put a good token where the stack's secret or parameter is, or into APIFY_TOKEN; docs/token.md says what it must be allowed";
const DENIED = /^(AccessDenied(Exception)?|UnrecognizedClientException)$/;

/** Not the token is wrong, but whoever asks may not read it; the function may all the same. */
const isUnread = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && DENIED.test(error.cause.name);

function userText(user: TokenUser): string {
  if (user.kind === "no-runs")
    return "the token may not read users/me, and the account has no run yet that could say whose it is";
  const { id, username, by } = user;
  const who = username === undefined ? id : `${username} (${id})`;
  return by === "list"
    ? `user ${who}, by the account's list of runs: the token is scoped and may not read users/me`
    : `user ${who}, by users/me`;
}

const SCOPE =
  "it lists runs; whether it may abort them only a stop can show: a scoped token needs the right to read and to run each Actor";

function wrongToken(error: unknown): readonly Check[] {
  const text = messageOf(error);
  if (error instanceof ClockError)
    return [
      notKnown(
        "token",
        "Apify's answer was not used: the clock here is wrong",
        "set the clock, then run this again",
      ),
      failed("clock", text, "set this machine's clock and let it be synchronized (NTP)"),
    ];
  const clock = notKnown("clock", "Apify showed no time", "it is checked once Apify answers");
  if (isUnread(error)) return [notKnown("token", text, "allow reading it to whoever runs this"), clock];
  if (isOfProcess(error) || (error instanceof Error && error.name === "ConfigError"))
    return [failed("token", text, WHERE), clock];
  return [
    notKnown("token", `Apify did not answer: ${text}`, "see https://status.apify.com, then run this again"),
    clock,
  ];
}

/** Is the token good, the account's own, and does this machine's clock agree with Apify's? */
export async function checkAccount(
  { apify, state, hasApify }: Asking,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  try {
    const { apifyUserId } = await state.readControl();
    const user = await apify.checkUser(apifyUserId, signal);
    await apify.listRuns({ statuses: LIVE_STATUSES }, signal);
    const isTimed = apify.takeClockChecks() > 0;
    return [
      passed("token", `${userText(user)}; ${SCOPE}`),
      isTimed
        ? passed("clock", "this machine's clock is within 30 s of Apify's")
        : notKnown("clock", "no answer of Apify's showed a time", "see what stands between here and Apify"),
    ];
  } catch (error) {
    if (hasApify) return wrongToken(error);
    return [notKnown("token", messageOf(error), "once Apify can be asked, run this again")];
  }
}
