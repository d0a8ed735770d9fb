import { LOOP_GUARD, type Policy } from "../../policy.ts";
import { loopsOf } from "../blast/loops.ts";
import { type ControlView, exemptsRule, isPaused } from "../guards.ts";
import type { HoldGuard, WantedHold } from "./hold-decision.ts";
import { isExemptSource, type Source } from "./wanted-holds.ts";

/** Does an exemption protect what the schedule starts from being held as a loop? One of a rule protects from that rule only. */
export const isExemptLoop = (
  source: Source | undefined,
  control: Pick<ControlView, "exemptions">,
  now: Date,
): boolean =>
  control.exemptions.some((each) => exemptsRule(each, LOOP_GUARD, now)) ||
  (source !== undefined && isExemptSource(source, LOOP_GUARD, control, now));

/**
 * The schedules that are loops, where the policy holds them: each until its last stop is as long ago as `within`. Then none of
 * these stops counts any more, so it has to loop anew before it is held again.
 *
 *     stops    x  x  x|--------- within --------->|
 *                     |== held ==================>|
 *
 * A loop of a task or an Actor is of runs that name no schedule: to hold one would not end it.
 */
export function loopHolds(
  { guards, mode, owner }: Policy,
  sources: readonly Source[],
  control: ControlView,
  now: Date,
): readonly WantedHold[] {
  const { loop } = guards;
  if (loop.do !== "hold") return [];
  return loopsOf(control.recentIntents, loop, now).flatMap(
    ({ source, stops, lastAt }): readonly WantedHold[] => {
      if (source.kind !== "schedule") return [];
      const isExempt = isExemptLoop(
        sources.find(({ id }) => id === source.id),
        control,
        now,
      );
      const guard: HoldGuard | undefined = isExempt
        ? "exemption"
        : isPaused(control, now)
          ? "pause"
          : undefined;
      return [
        {
          scheduleId: source.id,
          cause: { kind: "loop", stops },
          until: new Date(lastAt.getTime() + loop.withinSecs * 1000),
          mode,
          ...(guard && { guard }),
          ...(owner !== undefined && { owner }),
        },
      ];
    },
  );
}
