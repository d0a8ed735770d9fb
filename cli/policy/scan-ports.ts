import { APIFY_API_URL } from "../../functions/contract.ts";
import { systemClock } from "../../src/adapters/system.ts";
import { modeOf, type Rule } from "../../src/policy/index.ts";
import { ConfigError } from "../../src/watchdog/model/errors.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { policyInForce } from "../../src/watchdog/policies/policy-in-force.ts";
import type { Connection, Invocation } from "../command.ts";
import { capsFromOptions, documentFromThresholds, inMode } from "../options/threshold-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { localApify, localPorts } from "../target/local-ports.ts";
import { actorNames } from "../target/names.ts";
import { copyOf, emptyTwin, twinOf } from "../target/twin.ts";
import type { Looked } from "./looking.ts";
import { readPolicyFile } from "./policy-file.ts";

async function trialPolicy({ args }: Invocation): Promise<unknown> {
  const file = args.text("policy");
  const caps = capsFromOptions((option) => args.text(option));
  if (file && caps) {
    throw new UsageError("--policy and --max-… are two ways to say the same: use one of them.");
  }
  if (file) {
    return inMode(await readPolicyFile(file), "observe");
  }
  return caps && documentFromThresholds(caps, "observe");
}

/** The tables, where there are any. A trial does without. */
export async function tablesFor({ connect }: Invocation): Promise<Connection | undefined> {
  try {
    return await connect();
  } catch (error) {
    if (error instanceof UsageError && /^Which tables/.test(error.message)) return undefined;
    throw error;
  }
}

/** Ports on a copy of what the tables know, if there are any, with this policy in force and an Apify that is only read. */
export async function trialPorts(invocation: Invocation, document: unknown): Promise<Ports> {
  const { env } = invocation;
  const connection = await tablesFor(invocation);
  if (connection?.hasApify) return twinOf(connection.ports, document);
  const token = env.APIFY_TOKEN;
  if (!token) throw new ConfigError("A trial needs Apify: set APIFY_TOKEN to your account's API token.");
  const apify = localApify(env.APIFY_API_URL || APIFY_API_URL, token, systemClock);
  const { state: _state, audit: _audit, ...rest } = localPorts({ apify, clock: systemClock } as never);
  return emptyTwin(rest, document);
}

/** What `scan` looks with: the policy that is to be tried, or the one in force, on a copy of what the tables know. */
export async function scanned(invocation: Invocation): Promise<Looked> {
  const { signal } = invocation;
  const document = await trialPolicy(invocation);
  const looked = (ports: Ports, policy: string, enforced: readonly Rule[] = []): Looked => ({
    ports,
    trial: {
      words: `${policy}: nothing is stopped or written`,
      enforced: new Set(enforced.map(({ id }) => id)),
    },
    nameOf: (ids) => actorNames({ ports, hasApify: true }, ids, signal),
  });
  if (document !== undefined) return looked(await trialPorts(invocation, document), "on trial");
  const { ports, hasApify } = await invocation.connect();
  // Says why there is none, before anything is read.
  if (!hasApify) await ports.apify.checkUser(undefined, signal);
  const inForce = await policyInForce(ports, await ports.state.readControl());
  if (inForce === undefined) return looked(await copyOf(ports), "no policy was pushed");
  const { version, policy } = inForce;
  const twin = await twinOf(ports, inMode(inForce.document, "observe"));
  const enforced = policy.rules.filter((rule) => modeOf(policy, rule) === "enforce");
  return looked(twin, `policy version ${version}, ${policy.mode}, looked at only`, enforced);
}
