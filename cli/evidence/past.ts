import { APIFY_API_URL } from "../../functions/contract.ts";
import { readOnly } from "../../src/adapters/apify/index.ts";
import { MemoryDatabase } from "../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../src/adapters/memory/stores.ts";
import { systemClock } from "../../src/adapters/system.ts";
import { DAY_MS } from "../../src/policy/index.ts";
import type { NamesOfRun } from "../../src/watchdog/learn/check-limits.ts";
import { historyInLedger, historyOnApify } from "../../src/watchdog/learn/history.ts";
import type { History } from "../../src/watchdog/learn/past.ts";
import { ConfigError } from "../../src/watchdog/model/errors.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import type { Invocation, Option } from "../command.ts";
import { pastSpan, spanOptions } from "../options/span-options.ts";
import { tablesFor } from "../policy/scan-ports.ts";
import { localApify, localPorts } from "../target/local-ports.ts";
import { type NameOf, namesOf } from "./names.ts";

/** The options of what looks at the past. */
export const PAST: Readonly<Record<string, Option>> = {
  ...spanOptions("the last 90 days"),
  apify: { about: "By Apify's own list of runs, although there are tables" },
};
const DEFAULT_DAYS = 90;

/** What happened, what it is called, and what a reader must know of where that comes from. */
export type KnownPast = {
  readonly history: History;
  readonly nameOf: NameOf;
  readonly notes: readonly string[];
};

/** Apify alone, which a token that can only read opens. */
function apifyAlone(env: Invocation["env"]): Ports {
  const token = env.APIFY_TOKEN;
  if (!token)
    throw new ConfigError(
      "The past is in a watchdog's tables or at Apify, and neither was named: set APIFY_TOKEN to a token of your account, or name the tables with --stack.",
    );
  return localPorts({
    apify: readOnly(localApify(env.APIFY_API_URL || APIFY_API_URL, token, systemClock)),
    clock: systemClock,
    ...createMemoryStores({ account: "default", database: new MemoryDatabase() }),
  });
}

/** Since when the ledger has all runs, where that is later than what was asked for. */
async function ledgerNotes({ state }: Pick<Ports, "state">, { from }: History): Promise<readonly string[]> {
  const { completeSince } = await state.readLedger();
  if (completeSince !== undefined && completeSince <= from) return [];
  const known = completeSince ? `since ${minuteOf(completeSince)} UTC` : "nowhere yet";
  return [
    `The ledger has the whole account ${known}, and only some runs of before. --apify asks Apify's list instead. To read them into it: watchdog backfill --since 90d`,
  ];
}

/** What a reader must know of Apify's list: who stopped a run it does not say, and old runs are gone from it. */
function apifyNotes({ from, runs: [first] }: History): readonly string[] {
  const begins = first?.run.startedAt ?? from;
  return [
    "Apify's list does not say who ended a run: every one that was aborted counts as stopped before its time.",
    ...(begins.getTime() - from.getTime() > DAY_MS
      ? [
          `It has no run that began before ${minuteOf(begins)} UTC: there was none, or Apify has deleted them, as it does after your plan's retention.`,
        ]
      : []),
  ];
}

/** The runs of the span that `--since` and `--until` name: as recorded where there are tables, else by Apify's list. */
export async function readPast(invocation: Invocation): Promise<KnownPast> {
  const { args, env, terminal, signal } = invocation;
  const connection = await tablesFor(invocation);
  const byApify = connection === undefined || args.flag("apify");
  const ports = connection && (!byApify || connection.hasApify) ? connection.ports : apifyAlone(env);
  const { from, to = ports.clock.now() } = await pastSpan(args, ports, DEFAULT_DAYS);
  const span = { from, until: to };
  const onRead = (count: number): void => {
    if (count % 500 === 0) terminal.progress(`${count} runs read`);
  };
  const history = byApify
    ? await historyOnApify(ports, span, signal, (count) => terminal.progress(`${count} runs read`))
    : await historyInLedger(ports, span, onRead);
  terminal.progress(undefined);
  const canAsk = byApify || connection?.hasApify === true;
  return {
    history,
    nameOf: await namesOf(ports, history, canAsk, signal),
    notes: byApify ? apifyNotes(history) : (await ledgerNotes(ports, history)).map(invocation.pasteable),
  };
}

/** What rules look at of a run: the names that it has now. */
export const runNames =
  (nameOf: NameOf): NamesOfRun =>
  ({ actorId, actorTaskId }) => {
    const [actorName, taskName] = [nameOf("actor", actorId), nameOf("task", actorTaskId)];
    return { ...(actorName && { actorName }), ...(taskName && { taskName }) };
  };
