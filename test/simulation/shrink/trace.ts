import type { EntryFields } from "../oracle/entry-text.ts";
import type { SeenCall, SeenEntry } from "../oracle/history.ts";
import type { Outcome } from "../simulate.ts";
import type { Plan } from "../world/plan.ts";

/** When, in the world's own clock, and what. */
type Line = { readonly atMs: number; readonly text: string };

/** `Run A`, `Actor A`: what a person can keep in mind. */
type Names = (text: string) => string;

const clock = (atMs: number): string => new Date(atMs).toISOString().slice(11, 23);
const since = (ms: number): string => `${(ms / 1_000).toFixed(1).replace(/\.0$/, "")} s`;

/** Ids by the order in which they are met, so that the same ones are called the same all through. */
function naming({ calls }: Outcome["history"]): Names {
  const names = new Map<string, string>();
  for (const { shown = {} } of calls) {
    for (const id of Object.keys(shown)) {
      if (!names.has(id)) names.set(id, `run-${names.size + 1}`);
    }
  }
  return (text) => text.replaceAll(/\b[A-Za-z0-9]{17}\b/g, (id) => names.get(id) ?? id);
}

const ASKS: Readonly<Partial<Record<SeenCall["kind"], string>>> = { get: "reads", list: "lists runs" };

function callText({ by, kind, runId, gracefully, status, effect, shown = {} }: SeenCall): string {
  const what =
    kind === "abort"
      ? `${gracefully ? "aborts" : "aborts without grace"} ${runId}`
      : [ASKS[kind] ?? `asks for ${kind}`, runId].filter(Boolean).join(" ");
  const told = Object.entries(shown).map(
    ([id, { status: is, usageTotalUsd: usd }]) =>
      `${id} ${is}${usd === undefined ? "" : ` ${typeof usd === "number" ? usd.toFixed(3) : usd} USD`}`,
  );
  const answer = [status === 200 ? "" : String(status), told.join(", "), effect === "none" ? "" : effect];
  return `${by} ${what} → ${answer.filter(Boolean).join("; ") || "answered"}`;
}

function entryText({ by, chain }: SeenEntry, entry: EntryFields): string {
  const { kind, ruleId, step, evidence, guard, change, response, gracefully } = entry;
  const measured = evidence && `${evidence.metric} ${evidence.measured} of ${evidence.limit}`;
  const seen = evidence && `seen ${evidence.observedAt.slice(11, 23)} (${evidence.source})`;
  const of = chain.replace(/^run#/, "");
  const said = [
    ruleId && `${ruleId}${step ? ` at ${step.at} %` : ""}`,
    measured,
    seen,
    guard && `guard ${guard}`,
    gracefully === false && "without grace",
    response,
    change && JSON.stringify(change).slice(0, 160),
  ];
  return `${by} WRITES ${kind} of ${of}: ${said.filter(Boolean).join(", ")}`;
}

/** Names of Actors, prices, settings and limits that nobody stumbled over are left out. */
const isTold = ({ kind, status, effect }: SeenCall): boolean =>
  kind === "get" ||
  kind === "list" ||
  kind === "abort" ||
  effect !== "none" ||
  (status !== 200 && status !== 404);

function* happenings({ history, violations }: Outcome): Generator<Line> {
  for (const call of history.calls) if (isTold(call)) yield { atMs: call.atMs, text: callText(call) };
  for (const entry of history.entries) {
    const fields = JSON.parse(entry.text) as EntryFields;
    yield { atMs: entry.commitMs, text: entryText(entry, fields) };
  }
  for (const { by, startedAtMs, endedAtMs, how, error } of history.ticks.values()) {
    if (startedAtMs !== undefined) yield { atMs: startedAtMs, text: `${by} begins` };
    const isPlain = how === "done" || endedAtMs === undefined;
    if (!isPlain) yield { atMs: endedAtMs, text: `${by} ${how} ${error ?? ""}`.trimEnd() };
  }
  for (const { promise, atMs, text } of violations) yield { atMs, text: `BROKEN ${promise}: ${text}` };
}

/** What there is in the world, for somebody who sees it for the first time. */
function worldLines({
  world,
  policy,
  ticks,
  activeMs,
  climate,
  abortEndpoint,
  storage,
  restores,
  aim,
}: Plan): string[] {
  const { rules, ...rest } = policy;
  const inWeather = ticks.filter(({ atMs }) => atMs < activeMs);
  const rough = Object.entries(climate).filter(([, share]) => typeof share === "number" && share > 0);
  return [
    `state in ${storage}, aborts by ${abortEndpoint}, ${inWeather.length} ticks in the weather`,
    ...(rough.length > 0 ? [`weather ${rough.map(([what, share]) => `${what} ${share}`).join(", ")}`] : []),
    ...(aim ? [`aimed ${JSON.stringify(aim)}`] : []),
    `policy ${JSON.stringify(rest)}`,
    ...rules.map((rule) => `rule ${JSON.stringify(rule)}`),
    ...world.runs.map((run) => `run ${JSON.stringify(run)}`),
    ...(world.faults ?? []).map((fault) => `fault ${JSON.stringify(fault)}`),
    ...inWeather.flatMap(({ atMs, fate, freeze, clock }) =>
      Object.entries({ death: fate, freeze, clock }).flatMap(([what, how]) =>
        how ? [`${what} ${since(atMs)}: ${JSON.stringify(how)}`] : [],
      ),
    ),
    ...restores.map((restore) => `restore ${JSON.stringify(restore)}`),
  ];
}

/** What is in the world, and what happened up to the breach, as a person can read it. */
export function traceOf(outcome: Outcome): readonly string[] {
  const names = naming(outcome.history);
  const lines = [...happenings(outcome)].sort((a, b) => a.atMs - b.atMs);
  return [
    ...worldLines(outcome.plan).map((line) => `  ${line}`),
    "",
    ...lines.map(({ atMs, text }) => `  ${clock(atMs)} ${names(text)}`),
  ];
}
