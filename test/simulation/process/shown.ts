import type { EmulatorResponse, Shown } from "../../../emulator/index.ts";
import type { SeenDetail, SeenSuccesses } from "../oracle/history.ts";

/** What a bystander reads in answers of the pretend Apify. He shares no code with the watchdog's own reading of them. */

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const objectIn = (value: unknown): Json => (isObject(value) ? value : {});

const numbersIn = (value: unknown): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(objectIn(value)).filter(([, each]) => typeof each === "number"),
  ) as Record<string, number>;

const bodyOf = (response: EmulatorResponse | undefined): unknown =>
  response?.kind === "answer" ? (JSON.parse(response.body) as Json).data : undefined;

/** Of a price in tiers the cheapest. */
function eventUsd(pricingInfo: Json): Readonly<Record<string, number>> {
  const events = objectIn(objectIn(pricingInfo.pricingPerEvent).actorChargeEvents);
  return Object.fromEntries(
    Object.entries(events).map(([name, event]) => {
      const { eventPriceUsd: flat, eventTieredPricingUsd: tiers } = objectIn(event);
      const prices = Object.values(objectIn(tiers)).map((tier) => Number(objectIn(tier).tieredEventPriceUsd));
      return [name, typeof flat === "number" ? flat : Math.min(...prices)];
    }),
  );
}

const eventTotalsUsd = (eventUsage: Json): Readonly<Record<string, number>> =>
  numbersIn(
    Object.fromEntries(
      Object.entries(eventUsage).map(([event, each]) => [event, objectIn(each).eventTotalUsd]),
    ),
  );

/** The type of the error that Apify answered with, if it is one of Apify's. */
export function refusalIn(response: EmulatorResponse | undefined): string | undefined {
  if (response?.kind !== "answer" || response.status < 400) return undefined;
  try {
    const { type } = objectIn(objectIn(JSON.parse(response.body)).error);
    return typeof type === "string" ? type : undefined;
  } catch {
    return undefined;
  }
}

/** When an answer says that it was made. Absent where it tells no date, or a cache has kept it. */
export function dateIn(response: EmulatorResponse | undefined): number | undefined {
  if (response?.kind !== "answer" || response.headers.age !== undefined) return undefined;
  const ms = Date.parse(response.headers.date ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}

/** What the answer to a read of one run told. */
export function detailIn(response: EmulatorResponse | undefined): SeenDetail | undefined {
  const run = bodyOf(response);
  if (!isObject(run)) return undefined;
  const { stats, options, buildNumber, usage, usageUsd, pricingInfo } = run;
  const { chargedEventCounts, accountedChargedEventCounts, eventUsage } = run;
  const { build, memoryMbytes, timeoutSecs, maxTotalChargeUsd } = objectIn(options);
  const { pricingModel = "NONE" } = objectIn(pricingInfo);
  const settings = { build, buildNumber, memoryMbytes, timeoutSecs, pricingModel, maxTotalChargeUsd };
  return {
    stats: numbersIn(stats),
    settings: Object.fromEntries(Object.entries(settings).filter(([, each]) => each !== undefined)),
    ...(isObject(usage) && { usage: numbersIn(usage) }),
    ...(isObject(usageUsd) && { usageUsd: numbersIn(usageUsd) }),
    ...(isObject(chargedEventCounts) && { events: numbersIn(chargedEventCounts) }),
    ...(isObject(accountedChargedEventCounts) && { accounted: numbersIn(accountedChargedEventCounts) }),
    ...(isObject(eventUsage) && { accountedUsd: eventTotalsUsd(eventUsage) }),
    ...(isObject(pricingInfo) && { eventUsd: eventUsd(pricingInfo) }),
  };
}

const DAY_MS = 86_400_000;
const APIFYS_FIRST_YEAR = Date.UTC(2015, 0);

/** Whose id, status or start nobody can make out: nothing is to be learnt of it. */
function isGarbled(run: Json, nowMs: number): boolean {
  const startedAtMs = typeof run.startedAt === "string" ? Date.parse(run.startedAt) : Number.NaN;
  const isStart = startedAtMs >= APIFYS_FIRST_YEAR && startedAtMs <= nowMs + DAY_MS;
  return typeof run.id !== "string" || typeof run.status !== "string" || !isStart;
}

/** What of the shown runs its reader can take in, and which are garbled. A list that is asked for to know whose the token is tells no more. */
export function readableOf(
  url: string,
  shown: Shown | undefined,
  response: EmulatorResponse | undefined,
  nowMs: number,
): { readonly shown?: Shown; readonly garbled?: readonly string[]; readonly isWhose?: true } {
  if (shown === undefined) return {};
  const query = new URL(url, "http://apify.test").searchParams;
  if (query.get("desc") === "1" && query.get("limit") === "10" && !query.has("status"))
    return { shown, isWhose: true };
  const body = bodyOf(response);
  const { items } = objectIn(body);
  const all = Array.isArray(items) ? items.map(objectIn) : [objectIn(body)];
  if (!all.some((run) => isGarbled(run, nowMs))) return { shown };
  const good = new Set(all.filter((run) => !isGarbled(run, nowMs)).map(({ id }) => id));
  const readable = Object.entries(shown).filter(([id]) => good.has(id));
  const garbled = Object.keys(shown).filter((id) => !good.has(id));
  if (!Array.isArray(items) && garbled.length > 0) return { garbled };
  return { shown: Object.fromEntries(readable), garbled };
}

const PATH = /\/v2\/(actors|actor-tasks)\/([^/?]+)\/runs\?/;

/** Was it asked for what is typical of an Actor or a task? Nothing else asks for the runs of one. */
export const isOfTypical = (url: string): boolean => PATH.test(url);

/** The runs that the answer to `GET …/runs?status=SUCCEEDED` told, as far as they tell when they ended. */
export function successesIn(
  url: string,
  response: EmulatorResponse | undefined,
  nowMs: number,
): SeenSuccesses | undefined {
  const [, of, id] = PATH.exec(url) ?? [];
  const { items } = objectIn(bodyOf(response));
  const isOfSuccesses = new URL(url, "http://apify.test").searchParams.get("status") === "SUCCEEDED";
  if (!isOfSuccesses || of === undefined || id === undefined || !Array.isArray(items)) return undefined;
  const readable = items.filter((item) => !isGarbled(objectIn(item), nowMs));
  const runs = readable.map((item) => {
    const { startedAt, finishedAt, usageTotalUsd } = objectIn(item);
    return {
      startedAtMs: Date.parse(String(startedAt)),
      finishedAtMs: Date.parse(String(finishedAt)),
      ...(typeof usageTotalUsd === "number" && { usageTotalUsd }),
    };
  });
  return { of: of as SeenSuccesses["of"], id, runs };
}
