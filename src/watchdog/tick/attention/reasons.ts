import {
  type Decisions,
  isEnded,
  isLive,
  type Policy,
  type Run,
  rulesOnCost,
} from "../../../policy/index.ts";
import type { Blind } from "../../model/live.ts";
import { isGrownUp } from "../../observe/zero-costs.ts";
import type { Context } from "../context.ts";
import { heldStops } from "../held-stops.ts";
import type { Reason } from "./amiss.ts";
import { untoldCosts } from "./blind.ts";
import { ofRenamed } from "./renames.ts";

/** Work that must not fail in peace: a guard that could not act, record or announce is none. */
const GRAVE_WORK =
  /^(acting on a run|taking up|recording|tending the ledger|filling the ledger|reading the ledger|notifying of a budget|attesting|writing|keeping time|setting dates right|ending|announcing)/;
const UNDONE = ["no time left to act", "too many ticks at once"];
/** Without it the memory of what is amiss is lost, too. */
const AT_ONCE = /^writing the heartbeat/;

/** What has a reason of its own, or none: a run just gone, or the clock, whose answers merely carry no date. */
const PASSED_OVER = [
  / unknown$/,
  /not resolved$/,
  /not reported$/,
  /^no policy was pushed/,
  /^run not found/,
];
const NOT_COVERAGE = [
  ...PASSED_OVER,
  /^no answer showed/,
  /^malformed exemption/,
  /^policy version/,
  /^looks in time/,
  /^a budget's window/,
];

export const isGrave = (reason: string): boolean =>
  (GRAVE_WORK.test(reason) && reason.includes(" failed")) || UNDONE.includes(reason);

const matchesAny = (patterns: readonly RegExp[], reason: string): boolean =>
  patterns.some((pattern) => pattern.test(reason));

export function skippedReasons(skipped: ReadonlyMap<string, number>): readonly Reason[] {
  return [...skipped].flatMap(([reason, count]): readonly Reason[] => {
    const times = count === 1 ? "once" : `${count} times`;
    if (isGrave(reason)) {
      const afterTicks = AT_ONCE.test(reason) ? 1 : 2;
      return [{ id: `failed:${idOf(reason)}`, text: `${reason}, ${times} in this tick`, afterTicks }];
    }
    if (matchesAny(NOT_COVERAGE, reason)) return [];
    return [
      {
        id: `coverage:${idOf(reason)}`,
        text: `not all could be seen: ${reason}, ${times} in this tick`,
        afterTicks: 3,
      },
    ];
  });
}

/** Words of ours alone, so that the id is the same whatever a server answered. */
const idOf = (reason: string): string => reason.replace(/ failed.*$/, "").replaceAll(/[^\w]+/g, "-");

const runsOf = (count: number): string => (count === 1 ? "1 run" : `${count} runs`);

function ofBlind(blind: readonly Blind[], { observations, ports }: Context): readonly Reason[] {
  const ofCost = blind.filter(({ why }) => why === "no cost is reported");
  const { untold, of } = untoldCosts(observations.values(), ports.clock.now());
  const rules = [...new Set(ofCost.map(({ ruleId }) => ruleId))].join(", ");
  return [
    ...(ofCost.length > 0
      ? [
          {
            id: "blind:cost",
            text: `no cost is reported for ${untold} of ${of} runs: these rules are blind: ${rules}`,
            afterTicks: 3,
          },
        ]
      : []),
    ...blind
      .filter((each) => !ofCost.includes(each))
      .map(({ ruleId, why, runs }) => ({
        id: `blind:${ruleId}/${idOf(why)}`,
        text: `rule ${ruleId} can't judge${runs === undefined ? "" : ` ${runsOf(runs)}`}: ${why}`,
        afterTicks: 3,
      })),
  ];
}

function ofHeld({ decisions }: Decisions, { observations }: Context): readonly Reason[] {
  const { runs, usdPerHour } = heldStops(decisions, observations, { butMeant: true });
  if (runs === 0) return [];
  const guards = new Set(
    decisions.flatMap(({ action, guard }) => (action === "hold" && guard ? [guard] : [])),
  );
  const stops = runs === 1 ? "1 stop stays" : `${runs} stops stay`;
  const text = `${stops} held (${[...guards].join(", ")}), which lets through ${usdPerHour.toFixed(2)} USD an hour`;
  return [{ id: "held:", text, afterTicks: 2 }];
}

const MAX_NAMED = 3;

const named = (of: readonly { readonly run: Run }[]): string =>
  of
    .slice(0, MAX_NAMED)
    .map(({ run }) => run.id)
    .join(", ");

/** Runs in a status that is neither live nor ended: they are kept and read, and no rule judges them. */
function ofStatus({ live }: Context): readonly Reason[] {
  const odd = [...live.values()].filter(({ run }) => !isLive(run.status) && !isEnded(run.status));
  return [...Map.groupBy(odd, ({ run }) => run.status)].map(([status, runs]) => ({
    id: `status:${status}`,
    text: `${runsOf(runs.length)} in a status that is not known, which no rule judges: ${named(runs)}`,
    afterTicks: 2,
  }));
}

/** Runs whose cost of 0 is at odds with what else their detail shows: what rests on it lets them burn. */
function ofDoubtful({ live, observations, ports }: Context, policy: Policy): readonly Reason[] {
  const now = ports.clock.now();
  const doubtful = [...observations.values()].filter(
    (each) => live.get(each.run.id)?.doubtful && isGrownUp(each, now),
  );
  const rules = new Set(doubtful.flatMap((each) => rulesOnCost(policy, each)));
  if (rules.size === 0) return [];
  const text =
    `a cost of 0 is reported of ${runsOf(doubtful.length)} beside compute or events that cost something ` +
    `(${named(doubtful)}): these rules rest on it: ${[...rules].join(", ")}`;
  return [{ id: "doubtful:cost", text, afterTicks: 3 }];
}

/** Why a person must look, or must if it lasts. */
export function reasonsOf(
  context: Context,
  decided: Decisions,
  blind: readonly Blind[],
  policy: Policy | undefined,
): readonly Reason[] {
  return [
    ...skippedReasons(context.skipped),
    ...(policy
      ? [
          ...ofBlind(blind, context),
          ...ofDoubtful(context, policy),
          ...ofHeld(decided, context),
          ...ofRenamed(context, policy),
        ]
      : []),
    ...ofStatus(context),
  ];
}
