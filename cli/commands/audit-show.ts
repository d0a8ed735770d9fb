import { formatUsd, toMicroUsd } from "../../src/policy/index.ts";
import { against, describeEntry, formatMeasure } from "../../src/watchdog/audit/describe.ts";
import { entriesIn } from "../../src/watchdog/audit/entry-in.ts";
import { findEntries, LEAST_PREFIX } from "../../src/watchdog/audit/find-entries.ts";
import { verifyChain } from "../../src/watchdog/audit/verify/verify-chain.ts";
import { nearestRun } from "../../src/watchdog/explain/nearest-run.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import type { AuditStore, StoredEntry } from "../../src/watchdog/model/ports.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";
import { pairs } from "../show/table.ts";
import { type Paint, padTo, wrap, wrapped } from "../show/terminal.ts";
import { damagedText, paintWord } from "../show/words.ts";

async function find(audit: AuditStore, id: string, now: Date): Promise<readonly StoredEntry[]> {
  const found = await findEntries(audit, id, now);
  if (found.kind === "found") return found.entries;
  throw new UsageError(`${found.entryIds.length} entries begin with ${id}: ${found.entryIds.join(", ")}.`);
}

/** So much of a hash tells policies apart; --json has all of it. */
const short = (hash: string): string => `${hash.slice(0, 12)}…`;

const hashWords = ({ policyHash }: Entry): string => (policyHash ? ` (sha256 ${short(policyHash)})` : "");

const changeWords = (change: object): string =>
  Object.entries(change)
    .map(([key, value]) => {
      if (typeof value !== "string") return `${key} ${JSON.stringify(value)}`;
      return `${key} ${/^[\da-f]{64}$/.test(value) ? short(value) : value}`;
    })
    .join(", ");

function* facts(entry: Entry): Generator<readonly [string, string]> {
  const { evidence, run } = entry;
  yield ["entry", `${entry.entryId}, ${entry.chain} ${entry.sequence}`];
  yield ["by", entry.by + (entry.tickId ? `, tick ${entry.tickId}` : "")];
  if (entry.ruleId && entry.step) {
    const { at, do: action } = entry.step;
    yield [
      "rule",
      `${entry.ruleId}, ${action} at ${at}%, ${entry.mode}, policy version ${entry.policyVersion}${hashWords(entry)}`,
    ];
  }
  if (entry.reason) yield ["reason", entry.reason];
  if (evidence && evidence.metric !== "order") {
    const { metric, unit, measured, limit, observedAt, source, budget } = evidence;
    const figures = `${metric} ${formatMeasure(unit, measured)} of ${formatMeasure(unit, limit)}`;
    yield ["evidence", `${budget ? against(evidence) : figures}, read ${observedAt} (${source})`];
    if (budget) yield ["window", `${minuteOf(budget.from)} to ${minuteOf(budget.to)} UTC`];
  }
  for (const also of evidence?.also ?? [])
    yield ["also", `${also.ruleId}: ${also.metric} ${formatMeasure(also.unit, also.measured)}`];
  if (run) {
    const cost = run.usageTotalUsd === undefined ? "cost unknown" : formatUsd(toMicroUsd(run.usageTotalUsd));
    yield ["run", `${run.status}, ${cost}, started ${run.startedAt}, origin ${run.origin}`];
  }
  if (entry.change) {
    // A policy is shown by policy show, and whole by --json.
    const { document: _document, ...change } = entry.change;
    yield ["change", changeWords(change)];
  }
}

const INDENT = "    ";

function story(
  entries: readonly Entry[],
  { columns, paint }: { readonly columns: number; readonly paint: Paint },
): readonly string[] {
  return entries.flatMap((entry) => {
    const { word, text } = describeEntry(entry);
    const [first = "", ...more] = wrap(`${entry.at}  ${padTo(word, 10)}  ${text}`, columns);
    const told = pairs([...facts(entry)], paint, columns - INDENT.length);
    return [first.replace(word, paintWord(word, paint)), ...more, ...told.map((line) => INDENT + line)];
  });
}

export const auditShow: Command = {
  name: "audit show",
  about: "All that is written of a run, or one entry, with its evidence",
  pages: true,
  positionals: [
    {
      name: "id",
      about: `A run's id, an entry's id or its first ${LEAST_PREFIX} digits, a budget's chain, or control`,
    },
  ],
  examples: [["audit show control", "who pushed, paused and resumed, and why"]],
  notes: "Ids are in audit list: watchdog audit show iOIRSSnkEYKwhMeAJ",
  async run({ args, terminal, paint, connect }) {
    const id = args.required("id");
    const { ports } = await connect();
    const stored = await find(ports.audit, id, ports.clock.now());
    if (stored.length === 0) {
      const guess = await nearestRun(ports, id);
      const hint = guess ? ` Did you mean ${guess}?` : "";
      terminal.err(
        `Nothing is written of ${id}: it is no run that was judged over a limit, and no entry.${hint}`,
      );
      return 1;
    }
    const entries = entriesIn(stored);
    const damaged = stored.length - entries.length;
    if (damaged > 0) terminal.err(damagedText(damaged));
    if (args.flag("json")) {
      terminal.data(JSON.stringify(entries, null, 2));
      return 0;
    }
    for (const line of story(entries, { columns: terminal.columns, paint })) terminal.out(line);
    const chain = stored[0]?.chain ?? "";
    if (stored.length === 1 && id !== entries[0]?.runId && id !== chain) return 0;
    const findings = verifyChain(chain, stored, await ports.audit.readHead(chain));
    terminal.out("");
    const say = (format: Parameters<Paint>[0], text: string): void =>
      terminal.out(wrapped(text, terminal.columns, (line) => paint(format, line)));
    for (const { sequence, problem } of findings) say(["bold", "red"], `entry ${sequence ?? ""}: ${problem}`);
    if (findings.length === 0)
      say("dim", "This chain verifies: nothing changed, removed, reordered or cut off.");
    return findings.length === 0 ? 0 : 1;
  },
};
