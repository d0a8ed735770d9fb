import type { Control, PolicyInForce } from "../model/control.ts";
import { skip, skipFailed } from "../model/pass.ts";
import type { TokenUser } from "../model/ports.ts";
import { noteFallback } from "../policies/note-fallback.ts";
import { orAbsent } from "../policies/policy-in-force.ts";
import { attentionOf } from "./attention/of-control.ts";
import { checkUser } from "./open.ts";
import { GRAVE, type Tick } from "./phases.ts";

/** How the control plane stood when the tick began, and what that puts in force. */
export type InControl = {
  readonly state: Control;
  readonly inForce: PolicyInForce | undefined;
  /** As far as that could be read: nobody has pushed a policy yet. */
  readonly nonePushed: boolean;
  readonly attention: readonly string[];
  /** Is the token known to be the account's? Else no more may be done than to say what calls for a person. */
  readonly isOurs: boolean;
};

/** Notes where `users/me` did not say whose the token is. Without a run that shows it there is nothing to do. */
function mayGoOn({ pass }: Tick, user: TokenUser): boolean {
  if (user.kind === "no-runs")
    skipFailed(pass, "reading users/me, without a run to show whose the token is,", user.because);
  else if (user.because)
    skipFailed(pass, "reading users/me, which the list of runs stood in for,", user.because);
  return user.kind === "user";
}

/** Reads the account's control plane, and the policy in force. `undefined`: the token was refused, or is another user's. */
export async function takeControl(tick: Tick): Promise<InControl | undefined> {
  const { pass, phases } = tick;
  const { policyOf, ports, signal } = pass;
  const checked = await phases.run("checking the Apify user", () => checkUser(ports, signal), GRAVE);
  if (checked === undefined) return undefined;
  const isOurs = mayGoOn(tick, checked.value);
  const state = await ports.state.readControl();
  const read = await phases.run("reading the policy", () => orAbsent(policyOf(state)), GRAVE);
  const { found: inForce, absent } = read?.value ?? {};
  if (absent) skip(pass, `policy version ${absent.version} is not in the store yet`);
  if (inForce?.fellBack) await phases.run("writing down the fallback", () => noteFallback(pass, inForce));
  return {
    state,
    inForce,
    nonePushed: read !== undefined && state.policyVersion === undefined,
    attention: attentionOf(state, inForce, ports.clock.now(), absent),
    isOurs,
  };
}
