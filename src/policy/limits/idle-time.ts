import * as v from "valibot";
import type { Observation } from "../observation.ts";
import type { RuleLimit } from "../policy.ts";
import { isActive, isStopping } from "../run.ts";
import { formatBytes } from "../values/bytes.ts";
import { percentage, positiveDuration, size } from "../values/figure-forms.ts";
import { about, eitherOf, isObject, object, reading } from "../values/forms.ts";
import {
  figureIn,
  isTooYoung,
  known,
  type Limit,
  limitKey,
  type Measurement,
  secsBetween,
  unknown,
} from "./limit.ts";
import { heldSince } from "./looks.ts";

/** A container that waits still takes some CPU and keeps in touch with the platform: neither is ever 0. */
const DEFAULTS = { cpuBelow: 5, trafficBelow: 1_000_000 } as const;
const MAX_CPU = 100;

const traffic = size("a size above 0, for example 1MB, for each minute");

type Idleness = Omit<RuleLimit, "metric">;

const whole = reading(
  object({
    for: about(positiveDuration, "How long it may do nothing."),
    cpuBelow: v.optional(about(percentage(MAX_CPU, ["5%"]), "Less CPU than this is idle. Default: 5%.")),
    trafficBelow: v.optional(
      about(traffic, "Fewer bytes a minute than this, received and sent, are idle. Default: 1MB."),
    ),
  }),
  ({ for: value, cpuBelow, trafficBelow }): Idleness => ({
    value,
    options: {
      cpuBelow: cpuBelow ?? DEFAULTS.cpuBelow,
      trafficBelow: trafficBelow ?? DEFAULTS.trafficBelow,
    },
  }),
);

const short = reading(positiveDuration, (value): Idleness => ({ value, options: DEFAULTS }));

const form = eitherOf<Idleness>((raw) => (isObject(raw) ? whole : short), [short, whole]);

type Pulse = {
  readonly cpu: number;
  readonly minutes: number;
  readonly netBytes: number;
  readonly outputs: number;
  readonly unmovedSince: Date | undefined;
};

/** What the run did lately, if all of it can be told. What is less than nothing was counted anew meanwhile. */
function pulseOf({ run, activity }: Observation): Pulse | undefined {
  const cpu = figureIn(run.detail?.stats, "cpuCurrentUsage");
  const { overSecs = 0, netBytes, outputs, unmovedSince } = activity ?? {};
  if (!isCount(cpu) || !isCount(netBytes) || !isCount(outputs)) return undefined;
  if (!isCount(overSecs) || overSecs === 0) return undefined;
  return { cpu, minutes: overSecs / 60, netBytes, outputs, unmovedSince };
}

const isCount = (figure: number | undefined): figure is number =>
  Number.isFinite(figure) && Number(figure) >= 0;

/** Work in a long gap between two looks must not be thinned out by the rest of it. */
const MOST_MINUTES = 2;

function isIdle({ cpu, minutes, netBytes, outputs }: Pulse, { options }: RuleLimit): boolean {
  const { cpuBelow, trafficBelow } = { ...DEFAULTS, ...options };
  return cpu < cpuBelow && netBytes < trafficBelow * Math.min(minutes, MOST_MINUTES) && outputs === 0;
}

/**
 * How long a run has done nothing: CPU and traffic below what idling takes, no event charged, nothing written to a
 * dataset or a request queue, nothing fetched through the proxy. Compute units go on being billed meanwhile, so the cost
 * alone can't tell. Timed from the first of the looks that showed it so without a break to the last one whose stats moved:
 * stats that stand still are no sign that the run does.
 *
 *     stats    a        b        b        b        c
 *     look     |- idle -|- idle, unmoved -|- idle -|
 *     timed    0        1m       1m       1m       4m
 */
export const idleTime: Limit = {
  usage: "idleTime",
  about: "How long the run has done nothing: CPU and traffic low, nothing charged, written or proxied.",
  pattern: /^idleTime$/,
  words: () => "idle time",
  unit: () => "secs",
  form: () => form,
  terms({ options }) {
    const { cpuBelow, trafficBelow } = { ...DEFAULTS, ...options };
    return `CPU below ${cpuBelow}%, traffic below ${formatBytes(trafficBelow)} a minute`;
  },
  needs: "detail",
  isGauge: () => false,
  judges: isActive,
  holds(observation, limit) {
    const pulse = pulseOf(observation);
    if (pulse === undefined) return undefined;
    return isIdle(pulse, limit) && pulse.unmovedSince ? "as-before" : isIdle(pulse, limit);
  },
  measure(observation, limit, now): Measurement {
    const since = heldSince(observation, limitKey(limit));
    const { stoppingSince } = observation.life;
    // What it does to save its work on the way out does not take back what it was asked to end for.
    if (isStopping(observation.run.status))
      return known(since ? Math.max(0, secsBetween(since, stoppingSince ?? observation.observedAt)) : 0);
    const pulse = pulseOf(observation);
    if (pulse === undefined) {
      // The first detail of a life tells no activity yet; the second, half a minute on, does.
      const isFirst = observation.activity === undefined && observation.run.detail !== undefined;
      return unknown("Apify does not report what the run is doing", isFirst || isTooYoung(observation, now));
    }
    const facts = {
      cpuCurrentUsage: pulse.cpu,
      netBytesPerMinute: Math.round(pulse.netBytes / pulse.minutes),
    };
    const isTimed = since !== undefined && isIdle(pulse, limit);
    return known(
      isTimed ? Math.max(0, secsBetween(since, pulse.unmovedSince ?? observation.observedAt)) : 0,
      facts,
    );
  },
};
