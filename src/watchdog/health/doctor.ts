import type { Deployment } from "../model/deployed/deployment.ts";
import type { Ports } from "../model/ports.ts";
import { policyInForce } from "../policies/policy-in-force.ts";
import type { Check } from "./checks/check.ts";
import { checkAccount } from "./checks/check-account.ts";
import { checkFunction, type FunctionPlaces } from "./checks/check-function.ts";
import { checkHolds } from "./checks/check-holds.ts";
import { checkOthers } from "./checks/check-others.ts";
import { checkRinging, type RingingPlaces } from "./checks/check-ringing.ts";
import { checkTables, type TableNames } from "./checks/check-tables.ts";
import { checkWatch } from "./checks/check-watch.ts";
import { readStatus } from "./status.ts";

/** What is examined. Without a deployment it is a watchdog of this machine; without a stack only tables are known. */
export type Examined = {
  readonly ports: Pick<Ports, "apify" | "state" | "audit" | "clock">;
  /** Can Apify be asked? */
  readonly hasApify: boolean;
  readonly deployment?: Deployment | undefined;
  readonly tables?: TableNames | undefined;
  readonly stack?: (FunctionPlaces & RingingPlaces) | undefined;
  readonly withinMs: number;
  /** What starts the ticks there, for who finds that none comes. */
  readonly start: string;
  /** Is it known that the ticks have ended? */
  readonly isOver?: boolean;
};

const policyOf = async (ports: Examined["ports"]) =>
  (await policyInForce(ports, await ports.state.readControl()).catch(() => undefined))?.policy;

/** One check after the other, each as soon as it is made. Changes nothing. */
export async function* examine(examined: Examined, signal: AbortSignal): AsyncGenerator<Check> {
  const { ports, hasApify, deployment, tables, stack, withinMs, start, isOver = false } = examined;
  if (deployment && tables) yield* checkTables(deployment, tables);
  yield* await checkAccount({ ...ports, hasApify }, signal);
  if (hasApify) yield* await checkHolds(ports, await policyOf(ports), signal);
  yield* checkWatch(await readStatus(ports, { withinMs, isOver }), ports.clock.now(), start);
  if (deployment && stack) {
    yield* checkFunction(deployment, stack);
    yield* checkRinging(deployment, stack);
  }
  if (deployment) yield await checkOthers(deployment, (await ports.state.readControl()).apifyUserId);
}
