import { DAY_MS } from "../../src/policy/index.ts";
import { historyInLedger, historyOf } from "../../src/watchdog/learn/history.ts";
import { Listed } from "../../src/watchdog/learn/listed/listed.ts";
import { readListed } from "../../src/watchdog/learn/listed/read-listed.ts";
import type { History } from "../../src/watchdog/learn/past.ts";
import type { NamesOfRun } from "../../src/watchdog/learn/suggest/check-limits.ts";
import { ApifyError, ConfigError } from "../../src/watchdog/model/errors.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import type { Connection, Invocation, Option } from "../command.ts";
import { pastSpan, spanOptions } from "../options/span-options.ts";
import { tablesFor } from "../policy/scan-ports.ts";
import { PRETEND_FOLDER } from "../target/folder.ts";
import { type ListSource, listSource } from "./list-source.ts";
import { type NameOf, namesOf } from "./names.ts";

/** The options of what looks at the past. */
export const PAST: Readonly<Record<string, Option>> = {
  ...spanOptions("the last 90 days"),
  apify: { about: "By Apify's own list of runs alone, although there are tables" },
};
const DEFAULT_DAYS = 90;

type Span = { readonly from: Date; readonly until: Date };

/** What happened, what it is called, and what a reader must know of where that comes from. */
export type KnownPast = {
  readonly history: History;
  readonly nameOf: NameOf;
  readonly notes: readonly string[];
  /** Where single runs can be read in full; nothing where Apify can't be asked. */
  source(): Promise<ListSource | undefined>;
};

/** The part of the span that the ledger does not have all of; `undefined` where it has. */
async function missingIn({ state }: Pick<Ports, "state">, { from, until }: Span): Promise<Span | undefined> {
  const { completeSince } = await state.readLedger();
  if (completeSince === undefined) return { from, until };
  if (completeSince <= from) return undefined;
  return { from, until: completeSince < until ? completeSince : until };
}

/** Where neither the ledger nor a list has the time before. */
const ledgerNote = ({ until }: Span, why: string): string =>
  `What began before ${minuteOf(until)} UTC is known only in part: ${why} To read it into the ledger: watchdog backfill --since 90d`;

/** What a reader must know of Apify's list: who stopped a run it does not say, and old runs are gone from it. */
function listNotes(history: History, from: Date, before?: Date): readonly string[] {
  const begins = history.runs[0]?.run.startedAt ?? from;
  const whose = before
    ? `What began before ${minuteOf(before)} UTC is by Apify's list, which does`
    : "Apify's list does";
  return [
    `${whose} not say who ended a run: every one that was aborted counts as stopped before its time.`,
    ...(begins.getTime() - from.getTime() > DAY_MS
      ? [
          `It has no run that began before ${minuteOf(begins)} UTC: there was none, or Apify has deleted them, as it does after your plan's retention.`,
        ]
      : []),
  ];
}

/** The list of a span: read from Apify or, where that can't be asked, as it was kept. */
async function listed(
  { ports, canAsk, kept }: ListSource,
  span: Span,
  { terminal, signal }: Invocation,
): Promise<History> {
  const onRead = (count: number): void => terminal.progress(`${count} runs read`);
  if (canAsk)
    return historyOf(await readListed(ports, span, signal, { ...(kept && { kept }), onRead }), span);
  const parts = kept?.read() ?? [];
  // The port says why, and what to do.
  if (parts.length === 0) await ports.apify.checkUser(undefined, signal);
  return historyOf(new Listed(parts), span);
}

/** What the list has of a time that the ledger has only in part. That it can't be had is no reason to fail. */
async function listedBefore(
  invocation: Invocation,
  connection: Connection,
  missing: Span,
  sourceOf: () => Promise<ListSource>,
): Promise<{ readonly history?: History; readonly notes: readonly string[] }> {
  const isPretend = connection.target.name === PRETEND_FOLDER;
  if (!connection.hasApify && !isPretend)
    return { notes: [ledgerNote(missing, "set APIFY_TOKEN, and Apify's list of runs is read as well.")] };
  try {
    const source = await sourceOf();
    const history = await listed(source, missing, invocation);
    return { history, notes: source.kept?.problems ?? [] };
  } catch (error) {
    if (!(error instanceof ApifyError || error instanceof ConfigError)) throw error;
    return { notes: [ledgerNote(missing, error.message)] };
  }
}

/**
 * The runs of the span that `--since` and `--until` name: as recorded where there are tables, and for the time before by
 * Apify's list; without tables by the list alone.
 */
export async function readPast(invocation: Invocation): Promise<KnownPast> {
  const { args, terminal, signal } = invocation;
  const connection = await tablesFor(invocation);
  let opened: Promise<ListSource> | undefined;
  const sourceOf = (): Promise<ListSource> => {
    opened ??= listSource(invocation, connection);
    return opened;
  };
  const source = async (): Promise<ListSource | undefined> => {
    if (connection !== undefined && !connection.hasApify) return undefined;
    return sourceOf();
  };
  const done = async (ports: Ports, history: History, notes: readonly string[], canAsk: boolean) => {
    terminal.progress(undefined);
    return {
      history,
      nameOf: await namesOf(ports, history, canAsk, signal),
      notes: notes.map(invocation.pasteable),
      source,
    };
  };
  const spanOf = async (ports: Ports): Promise<Span> => {
    const { from, to = ports.clock.now() } = await pastSpan(args, ports, DEFAULT_DAYS);
    return { from, until: to };
  };
  if (connection === undefined || args.flag("apify")) {
    const source = await sourceOf();
    const span = await spanOf(source.ports);
    const history = await listed(source, span, invocation);
    const notes = [...listNotes(history, span.from), ...(source.kept?.problems ?? [])];
    return done(source.ports, history, notes, source.canAsk);
  }
  const { ports, hasApify } = connection;
  const span = await spanOf(ports);
  const missing = await missingIn(ports, span);
  const before = missing && (await listedBefore(invocation, connection, missing, sourceOf));
  const onRead = (count: number): void => {
    if (count % 500 === 0) terminal.progress(`${count} runs read`);
  };
  const history = await historyInLedger(ports, span, {
    ...(before?.history && { listed: before.history }),
    onRead,
  });
  const notes = history.source === "both" ? listNotes(history, span.from, missing?.until) : [];
  return done(ports, history, [...notes, ...(before?.notes ?? [])], hasApify);
}

/** What rules look at of a run: the names that it has now. */
export const runNames =
  (nameOf: NameOf): NamesOfRun =>
  ({ actorId, actorTaskId, scheduleId }) => {
    const [actorName, taskName] = [nameOf("actor", actorId), nameOf("task", actorTaskId)];
    const scheduleName = nameOf("schedule", scheduleId);
    return {
      ...(actorName && { actorName }),
      ...(taskName && { taskName }),
      ...(scheduleName && { scheduleName }),
    };
  };
