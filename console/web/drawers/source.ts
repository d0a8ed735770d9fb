import { type Child, el } from "../../../page/el.ts";
import type { Answers } from "../asked.ts";
import { ask } from "../state.ts";
import { minuteText, usdText } from "../words.ts";
import { pairs, partView, said } from "./part.ts";

type Source = {
  readonly scheduleId: string;
  readonly name?: string;
  readonly enabled: boolean;
  readonly heldBy?: string;
  readonly until?: string;
  readonly left?: string;
  readonly nextAt?: string;
  readonly starts: readonly { readonly kind: string; readonly id: string; readonly name?: string }[];
  readonly usdPerDay?: number;
};

type Look = { readonly now: Date; readonly canAct: boolean };

function stateOf({ enabled, heldBy, until, left }: Source, now: Date): string {
  if (heldBy !== undefined && until !== undefined)
    return `held by ${heldBy} until ${minuteText(until, now)} UTC: it starts no run`;
  if (left !== undefined) return `disabled by the watchdog and then changed by somebody else: ${left}`;
  return enabled ? "enabled" : "disabled";
}

/** A schedule: what it starts and costs, and who holds it. */
export const sourceView = (id: string, { sources }: Answers, { now, canAct }: Look): Child =>
  partView<{ readonly sources: readonly Source[] }>(sources, ({ sources: all }) => {
    const source = all.find(({ scheduleId, name }) => scheduleId === id || name === id);
    if (source === undefined) return said("warn", "Apify has no such schedule that this token may read.");
    const { scheduleId, name, nextAt, starts, usdPerDay, heldBy, left } = source;
    return [
      pairs([
        ["Schedule", name ?? scheduleId],
        ["State", stateOf(source, now)],
        ["Next", nextAt === undefined ? "none" : `${minuteText(nextAt, now)} UTC`],
        ["Costs a day", usdText(usdPerDay)],
        ["Starts", starts.map((each) => each.name ?? each.id).join(", ") || "nothing"],
      ]),
      canAct && (heldBy ?? left) !== undefined
        ? el(
            "p",
            { class: "acts" },
            el(
              "button",
              { type: "button", onClick: () => ask({ act: "release", schedule: scheduleId }) },
              "Release",
            ),
          )
        : undefined,
    ];
  });
