import { type Loop, sourceKey, toUsd } from "../../../policy/index.ts";
import { changeControl } from "../../audit/append.ts";
import { WATCHDOG } from "../../audit/drafts.ts";
import { type Control, type ControlState, stateOf, type ToldLoop } from "../../model/control.ts";
import { operate } from "../../policies/operate.ts";
import type { Context } from "../context.ts";
import type { ReasonedLoop } from "./loops.ts";

/** So many a tick: where more begin at once, the next ticks go on. */
const MOST_A_TICK = 10;

const keyOf = ({ source }: Pick<ToldLoop, "source">): string => sourceKey(source);

/** Without the loops that are over. */
function withoutOver(control: Control, going: ReadonlySet<string>): ControlState {
  const { loops = [], ...state } = stateOf(control);
  const left = loops.filter((each) => going.has(keyOf(each)));
  return left.length > 0 ? { ...state, loops: left } : state;
}

const isTold = ({ loops = [] }: Control, loop: Loop): boolean =>
  loops.some((each) => keyOf(each) === keyOf(loop));

const announce = (
  { ports, tick }: Context,
  { loop, words }: ReasonedLoop,
  going: ReadonlySet<string>,
): Promise<boolean> =>
  operate(ports, (control) => {
    if (isTold(control, loop)) return undefined;
    const { source, stops, firstAt, lastAt, microUsdPerHour } = loop;
    const change = {
      subject: { kind: source.kind, id: source.id },
      reason: `its runs ${words}`,
      stops,
      from: firstAt.toISOString(),
      to: lastAt.toISOString(),
      ...(microUsdPerHour !== undefined && { usdPerHour: toUsd(Math.round(microUsdPerHour)) }),
    };
    const state = withoutOver(control, going);
    const loops = [...(state.loops ?? []), { source, since: ports.clock.now() }];
    return {
      next: { ...state, loops },
      entry: { kind: "loop.begun", by: WATCHDOG, tickId: tick.id, change },
    };
  });

/**
 * Writes down each loop that has begun, once: that it was told is kept with its entry. One that is over is forgotten, and
 * told again when it begins again. By `control` it is only seen what is due.
 */
export async function announceLoops(
  context: Context,
  loops: readonly ReasonedLoop[],
  control: Control,
): Promise<void> {
  const going = new Set(loops.map(({ loop }) => keyOf(loop)));
  const begun = loops.filter(({ loop }) => !isTold(control, loop)).slice(0, MOST_A_TICK);
  for (const loop of begun) await announce(context, loop, going);
  const isOver = ({ loops: told = [] }: Control): boolean => told.some((each) => !going.has(keyOf(each)));
  if (begun.length > 0 || !isOver(control)) return;
  await changeControl(context.ports, (now) => (isOver(now) ? { next: withoutOver(now, going) } : undefined));
}
