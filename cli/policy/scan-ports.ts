import { APIFY_API_URL } from "../../functions/contract.ts";
import { systemClock } from "../../src/adapters/system.ts";
import { ConfigError } from "../../src/watchdog/model/errors.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import type { Connection, Invocation } from "../command.ts";
import { capsFromOptions, documentFromThresholds, inMode } from "../options/threshold-options.ts";
import { UsageError } from "../options/usage-error.ts";

type ScanPorts = {
  readonly ports: Ports;
  /** Nothing is stopped, pushed or written. */
  readonly trial: boolean;
  /** Asks Apify for the names of these Actors. */
  readonly nameOf: (ids: Iterable<string>) => Promise<(id: string | undefined) => string>;
};

async function trialPolicy({ args }: Invocation): Promise<unknown> {
  const file = args.text("policy");
  const caps = capsFromOptions((option) => args.text(option));
  if (file && caps) {
    throw new UsageError("--policy and --max-… are two ways to say the same: use one of them.");
  }
  if (file) {
    const { readPolicyFile } = await import("./policy-file.ts");
    return inMode(await readPolicyFile(file), "observe");
  }
  return caps && documentFromThresholds(caps, "observe");
}

/** The tables, where there are any. A trial does without. */
async function tablesFor({ connect }: Invocation): Promise<Connection | undefined> {
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
  const { emptyTwin, twinOf } = await import("../target/twin.ts");
  const { localApify, localPorts } = await import("../target/local-ports.ts");
  const connection = await tablesFor(invocation);
  if (connection?.hasApify) return twinOf(connection.ports, document);
  const token = env.APIFY_TOKEN;
  if (!token) throw new ConfigError("A trial needs Apify: set APIFY_TOKEN to your account's API token.");
  const apify = localApify(env.APIFY_API_URL || APIFY_API_URL, token, systemClock);
  const { state: _state, audit: _audit, ...rest } = localPorts({ apify, clock: systemClock } as never);
  return emptyTwin(rest, document);
}

/** The ports of a tick: on the tables, or of a trial on a copy of what they know. */
export async function scanPorts(invocation: Invocation): Promise<ScanPorts> {
  const { signal } = invocation;
  const document = await trialPolicy(invocation);
  const { actorNames } = await import("../target/names.ts");
  if (document === undefined) {
    const connection = await invocation.connect();
    // Says why there is none, before a tick begins.
    if (!connection.hasApify) await connection.ports.apify.checkUser(undefined, signal);
    return { ports: connection.ports, trial: false, nameOf: (ids) => actorNames(connection, ids, signal) };
  }
  const ports = await trialPorts(invocation, document);
  return { ports, trial: true, nameOf: (ids) => actorNames({ ports, hasApify: true }, ids, signal) };
}
