import * as v from "valibot";
import type { Exemption, ExemptionSubject } from "../../policy/index.ts";
import type { ControlState } from "../model/control.ts";
import type { Entry } from "../model/entry.ts";
import { ConfigError } from "../model/errors.ts";
import type { Live, LiveRun } from "../model/live.ts";
import type {
  KnownTypical,
  LedgerState,
  Name,
  RunRecord,
  SpendPoint,
  StoredEntry,
  Watched,
} from "../model/ports.ts";
import { controlForm, exemptionForm, type HeadlessState } from "./control-form.ts";
import { nameForm, typicalForm } from "./known-forms.ts";
import { ledgerForm, recordForm, watchedForm } from "./ledger-forms.ts";
import { liveForm } from "./live-form.ts";

/** Turns what is stored into JSON text and back. What can't be read is an error, never taken for empty. */

/** What JSON would turn into null must not go in: it would stop every later tick. */
function faithful(value: unknown, key: string): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) throw new Error(`${key} is ${value}: no JSON`);
  return value;
}

const writer = (dateForm: (date: Date) => string | number) => (value: unknown) =>
  JSON.stringify(value, function (this: Record<string, unknown>, key, plain) {
    const own = this[key];
    return faithful(own instanceof Date ? dateForm(own) : plain, key);
  });

const toText = writer((date) => date.toISOString());
const toCompactText = writer((date) => date.getTime());

type Parsed<T> = { readonly value: T } | { readonly problem: string };

function parse<T>(schema: v.GenericSchema<unknown, T>, text: unknown): Parsed<T> {
  if (typeof text !== "string") return { problem: `wanted JSON text, got ${typeof text}` };
  try {
    const result = v.safeParse(schema, JSON.parse(text), { abortEarly: true });
    if (result.success) return { value: result.output };
    const [issue] = result.issues;
    return { problem: `${v.getDotPath(issue) ?? "the whole"}: ${issue.message}` };
  } catch (error) {
    return { problem: String(error) };
  }
}

function read<T>(schema: v.GenericSchema<unknown, T>, text: unknown, where: string): T {
  const parsed = parse(schema, text);
  if ("problem" in parsed) throw unreadable(where, parsed.problem);
  return parsed.value;
}

/** What is kept beside the text, such as its version, is told there alone: a field of that name within would replace it. */
const without = <T extends object>(value: T, ...names: readonly string[]): T =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name))) as T;

export const unreadable = (where: string, problem: string): ConfigError =>
  new ConfigError(
    `${where} can't be read (${problem}), so nothing is decided on it. ` +
      "Restore it from a backup of the state table, or correct it by hand.",
  );

export function encodeControl({ head: _head, ...state }: ControlState): string {
  return toText(state);
}

/** The data that this version can go on with. It moves when an older version would do wrong with what a newer one wrote. */
export const DATA_FORMAT = 1;

/** Throws `ConfigError` on data of a newer format: what it means is not known here, so nothing is decided on it. */
export function decodeControl(text: unknown, where: string): HeadlessState {
  const state = read(controlForm, text, where);
  // Where a version writes it that older ones can't go on with; absent: 1.
  const { format = 1 } = state as { readonly format?: number };
  if (format <= DATA_FORMAT) return without(state, "version", "head", "exemptions");
  throw new ConfigError(
    `${where} was written by a newer version of the watchdog: its data has format ${format}, and this version knows ` +
      `${DATA_FORMAT}. Nothing is decided on it: upgrade this one.`,
  );
}

/** Runs are kept by their id, and without their detail. */
export function encodeLive({ version: _version, runs, ...rest }: Live): string {
  const withoutDetail = [...runs.values()].map(({ run: { detail: _detail, ...run }, ...live }) => ({
    run,
    ...live,
  }));
  return toCompactText({ ...rest, runs: withoutDetail });
}
/** Kept before it was known in which slots a run's money is: its mark goes, so that its item is read, which can tell. */
function withSlots(live: LiveRun): LiveRun {
  const { recorded, ...rest } = live;
  return recorded?.spentMicroUsd !== undefined && recorded.booked === undefined ? rest : live;
}
export function decodeLive(text: unknown, where: string): Omit<Live, "version"> {
  const { runs, ...rest } = without(read(liveForm, text, where), "version");
  return { ...rest, runs: new Map(runs.map((live) => [live.run.id, withSlots(live)])) };
}

export const encodeRecord = (record: RunRecord): string => toText(record);
export const decodeRecord = (text: unknown, where: string): RunRecord => read(recordForm, text, where);

/** Epoch seconds and micro-dollars in turn. */
export const curveFigures = (points: readonly SpendPoint[]): readonly number[] =>
  points.flatMap(({ at, microUsd }) => [Math.floor(at.getTime() / 1000), microUsd]);
export function decodeCurve(curve: unknown, where: string): readonly SpendPoint[] {
  const figures: readonly number[] = Array.isArray(curve) ? curve : [Number.NaN];
  if (!figures.every(Number.isSafeInteger) || figures.length % 2 !== 0)
    throw unreadable(where, "its curve is no row of seconds and micro-dollars");
  return Array.from({ length: figures.length / 2 }, (_, i) => ({
    at: new Date(Number(figures[2 * i]) * 1000),
    microUsd: Number(figures[2 * i + 1]),
  }));
}

export const encodeWatched = (watched: Watched): string => toText(watched);
export const decodeWatched = (text: unknown, where: string): Watched => read(watchedForm, text, where);

export const encodeLedger = ({ version: _version, ...state }: LedgerState): string => toText(state);
export const decodeLedger = (text: unknown, where: string): Omit<LedgerState, "version"> =>
  without(read(ledgerForm, text, where), "version");

export const encodeName = (name: Name): string => toText(name);
/** `undefined` when it can't be read: it will be asked for again. */
export function decodeName(text: unknown): Name | undefined {
  const parsed = parse(nameForm, text);
  return "value" in parsed ? parsed.value : undefined;
}

export const encodeTypical = (typical: KnownTypical): string => toText(typical);
/** `undefined` when it can't be read: it will be asked for again. */
export function decodeTypical(text: unknown): KnownTypical | undefined {
  const parsed = parse(typicalForm, text);
  return "value" in parsed ? parsed.value : undefined;
}

export const encodePolicy = (document: unknown): string => toText(document);
export const decodePolicy = (text: unknown, where: string): unknown => read(v.unknown(), text, where);

const SUBJECT_KINDS: readonly ExemptionSubject["kind"][] = ["run", "actor", "task", "rule"];

/** Before a subject's key: of one rule alone. A version that does not know it protects every run, and says so. */
const UNDER = "under#";

/** `actor#<id>`, or `under#<rule>#actor#<id>`: no rule's id has a `#`, and other ids may. */
export const exemptionKey = ({ kind, id, ruleId }: ExemptionSubject): string =>
  `${ruleId === undefined ? "" : `${UNDER}${ruleId}#`}${kind}#${id}`;

/** What tells one grant from another of the same subject. */
export const grantKey = ({ until, grantedAt }: Exemption & { readonly kind: "valid" }): string =>
  `${grantedAt?.toISOString() ?? ""}/${until.toISOString()}`;

function subjectOf(key: string): ExemptionSubject | undefined {
  if (!key.startsWith(UNDER)) return plainSubject(key);
  const [, ruleId, rest = ""] = /^([^#]+)#(.+)$/s.exec(key.slice(UNDER.length)) ?? [];
  const subject = plainSubject(rest);
  return subject && subject.kind !== "rule" && ruleId !== undefined ? { ...subject, ruleId } : undefined;
}

function plainSubject(key: string): ExemptionSubject | undefined {
  const kind = SUBJECT_KINDS.find((each) => key.startsWith(`${each}#`));
  const id = kind && key.slice(kind.length + 1);
  return kind && id ? { kind, id } : undefined;
}

/** Its subject is its key's alone, so that the two can't contradict each other. */
export function encodeExemption({
  kind: _kind,
  subject: _subject,
  ...rest
}: Exemption & { kind: "valid" }): string {
  return toText(rest);
}

/** Never throws: an exemption that can't be read protects its subject; one without a subject protects every run. */
export function decodeExemption(key: string, text: unknown): Exemption {
  const subject = subjectOf(key);
  if (!subject) return { kind: "malformed", problem: `its key "${key}" names no run, actor, task or rule` };
  const parsed = parse(exemptionForm, text);
  if ("problem" in parsed) return { kind: "malformed", subject, problem: parsed.problem };
  return { ...parsed.value, kind: "valid", subject };
}

/** The fields of an entry that are stored a second time, beside its text, to be found by. */
export function copiesOf({ entryId, kind, at, runId, actorId, ruleId }: Entry): StoredEntry["copies"] {
  return {
    entryId,
    kind,
    at,
    ...(runId !== undefined && { runId }),
    ...(actorId !== undefined && { actorId }),
    ...(ruleId !== undefined && { ruleId }),
  };
}
