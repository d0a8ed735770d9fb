import { HOUR_MS, toUsd, type Window } from "../../src/policy/index.ts";
import type { DailySpend } from "../../src/watchdog/ledger/daily-spend.ts";
import { csv } from "../show/csv.ts";

/**
 * Spend in the columns of FOCUS 1.2, the FinOps Open Cost and Usage Specification (https://focus.finops.org/focus-specification/v1-2/):
 * its mandatory ones, those of its others that can be told here, and ours, which begin with `x_`. What is not known is null.
 */
export const FOCUS_VERSION = "1.2";

type Value = string | number | null;

/** Who is billed, what things are called, and Apify's usage cycle as far as it is known: the present one. */
export type FocusFacts = {
  readonly apifyUserId?: string | undefined;
  readonly cycle?: Window | undefined;
  readonly actorName: (id: string) => string | undefined;
  readonly taskName: (id: string) => string | undefined;
};

/** As the specification wants instants: in UTC, to the second. Apify's cycle ends a millisecond before the next. */
const instant = (at: Date): string =>
  `${new Date(Math.ceil(at.getTime() / 1000) * 1000).toISOString().slice(0, 19)}Z`;

const isIn = ({ from, to }: Window, cycle: Window): boolean =>
  from >= cycle.from && to.getTime() <= Math.ceil(cycle.to.getTime() / HOUR_MS) * HOUR_MS;

const BASIS =
  "usageTotalUsd of runs, as Apify last reported it, spread over their time; no invoice: credits, taxes, storage and builds are not in it";

function describe(runs: string, task: string | undefined, { origin }: DailySpend): string {
  const about = [task && `task ${task}`, origin && `origin ${origin}`].filter(Boolean).join(", ");
  return `Estimate of what runs of ${runs} cost${about ? ` (${about})` : ""}`;
}

/** One row. Apify reports one figure of a run's cost: each of the four costs repeats it. */
export function focusRow(spend: DailySpend, facts: FocusFacts): Readonly<Record<string, Value>> {
  const { actorId, actorTaskId, origin, window, microUsd, runsOfUnknownCost } = spend;
  const { apifyUserId, cycle } = facts;
  const cost = microUsd === undefined ? null : toUsd(microUsd);
  const actor = facts.actorName(actorId);
  const task = actorTaskId === undefined ? undefined : (facts.taskName(actorTaskId) ?? actorTaskId);
  const period = cycle && isIn(window, cycle) ? cycle : undefined;
  return {
    BilledCost: cost,
    BillingAccountId: apifyUserId ?? null,
    BillingAccountName: null,
    BillingCurrency: "USD",
    BillingPeriodEnd: period ? instant(period.to) : null,
    BillingPeriodStart: period ? instant(period.from) : null,
    ChargeCategory: "Usage",
    ChargeClass: null,
    ChargeDescription: describe(actor ?? actorId, task, spend),
    ChargeFrequency: "Usage-Based",
    ChargePeriodEnd: instant(window.to),
    ChargePeriodStart: instant(window.from),
    ConsumedQuantity: null,
    ConsumedUnit: null,
    ContractedCost: cost,
    EffectiveCost: cost,
    InvoiceId: null,
    InvoiceIssuerName: "Apify",
    ListCost: cost,
    PricingQuantity: null,
    PricingUnit: null,
    ProviderName: "Apify",
    PublisherName: "Apify",
    RegionId: null,
    RegionName: null,
    ResourceId: actorId,
    ResourceName: actor ?? null,
    ResourceType: "Actor",
    ServiceCategory: "Compute",
    ServiceName: "Apify Actors",
    ServiceSubcategory: "Serverless Compute",
    SkuId: null,
    SkuPriceId: null,
    SubAccountId: null,
    SubAccountName: null,
    Tags: JSON.stringify({
      ...(task !== undefined && { "apify/task": task }),
      ...(origin !== undefined && { "apify/origin": origin }),
    }),
    x_ActorTaskId: actorTaskId ?? null,
    x_EstimateBasis: BASIS,
    x_IsEstimate: "true",
    x_Origin: origin ?? null,
    x_RunsOfUnknownCost: runsOfUnknownCost,
  };
}

/** The titles are there without a row, too. */
const TITLES = Object.keys(
  focusRow(
    { actorId: "", window: { from: new Date(0), to: new Date(0) }, runsOfUnknownCost: 0 },
    { actorName: () => undefined, taskName: () => undefined },
  ),
);

export const focusCsv = (rows: readonly Readonly<Record<string, Value>>[]): string =>
  csv(
    TITLES,
    rows.map((row) => TITLES.map((title) => row[title] ?? undefined)),
  );
