import { join } from "node:path";
import { APIFY_API_URL } from "../../functions/contract.ts";
import { readOnly } from "../../src/adapters/apify/index.ts";
import { MemoryDatabase } from "../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../src/adapters/memory/stores.ts";
import { systemClock } from "../../src/adapters/system.ts";
import { ConfigError } from "../../src/watchdog/model/errors.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { type Connection, type Invocation, TOKEN_ALONE } from "../command.ts";
import { PRETEND_FOLDER, REAL_FOLDER } from "../target/folder.ts";
import { localApify, localPorts } from "../target/local-ports.ts";
import { type KeptFile, keptList } from "./kept-list.ts";

/** Where a list of runs comes from, and what earlier calls kept of it. */
export type ListSource = {
  readonly ports: Ports;
  /** Can Apify be asked? Where not, only what is kept is known. */
  readonly canAsk: boolean;
  readonly kept?: KeptFile;
};

const FILE = "apify-runs.jsonl";
const LISTS_FOLDER = ".watchdog/apify";

/** Of the pretend account, which lives only while it is watched. */
export const pretendList = (): KeptFile => keptList(join(PRETEND_FOLDER, FILE));

/** An API on this machine is a pretend one, with another past each day. */
const isPretend = (url: string): boolean => /^(localhost|127\.|\[::1\])/.test(URL.parse(url)?.hostname ?? "");

/** Where what an API lists of a user is kept: what another one lists than Apify's own, a gateway for example, stands apart. */
export function listFile(apiUrl: string, userId: string): string | undefined {
  const host = URL.parse(apiUrl)?.host;
  if (host === undefined || isPretend(apiUrl) || !/^\w+$/.test(userId)) return undefined;
  const isApify = host === new URL(APIFY_API_URL).host;
  return join(LISTS_FOLDER, isApify ? userId : `${userId}@${host.replaceAll(/[^\w.-]/g, "-")}`, FILE);
}

const keptOf = (apiUrl: string, userId: string): KeptFile | undefined => {
  const file = listFile(apiUrl, userId);
  return file === undefined ? undefined : keptList(file);
};

/** Apify alone, which a token that can only read opens. */
function apifyAlone({ APIFY_TOKEN: token, APIFY_API_URL: url }: Invocation["env"]): Ports {
  if (!token)
    throw new ConfigError(
      "The past is in a watchdog's tables or at Apify, and neither was named: set APIFY_TOKEN to a token of your account, or name the tables with --stack.",
    );
  return localPorts({
    apify: readOnly(localApify(url || APIFY_API_URL, token, systemClock)),
    clock: systemClock,
    ...createMemoryStores({ account: "default", database: new MemoryDatabase() }),
  });
}

/** The account's list of runs, by a token alone or beside the tables. Throws where a token was given that can't be used. */
export async function listSource(
  { env, signal, aim }: Pick<Invocation, "env" | "signal" | "aim">,
  connection: Connection | undefined,
): Promise<ListSource> {
  const { kind, name, apifyUser } = connection?.target ?? {};
  if (connection && kind === "folder" && name === PRETEND_FOLDER)
    return { ports: connection.ports, canAsk: connection.hasApify, kept: pretendList() };
  const [ports, apiUrl] = connection?.hasApify
    ? [connection.ports, connection.apifyApiUrl]
    : [apifyAlone(env), env.APIFY_API_URL || APIFY_API_URL];
  // The token of another account than the tables' is used for nothing.
  const user = await ports.apify.checkUser(apifyUser, signal);
  const userId = user.kind === "user" ? user.id : undefined;
  if (connection === undefined) {
    const apifyUser = userId !== undefined && { apifyUser: userId };
    aim({ kind: "environment", name: TOKEN_ALONE, account: ports.account, ...apifyUser });
  }
  const isKept = userId !== undefined && (kind !== "folder" || name === REAL_FOLDER);
  const kept = isKept && apiUrl !== undefined ? keptOf(apiUrl, userId) : undefined;
  return { ports, canAsk: true, ...(kept && { kept }) };
}
