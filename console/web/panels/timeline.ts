import type { VNode } from "preact";
import { el } from "../../../page/el.ts";
import { MOST_DECISIONS } from "../../api.ts";
import { entryItem } from "../entry-item.ts";
import type { Entry } from "../told.ts";
import type { NameOf } from "./budgets.ts";
import { frame, type Seen } from "./frame.ts";

/** So many decisions are shown before all are asked for. */
const MOST = 12;

type TimelineLook = { readonly nameOf: NameOf; readonly isAll: boolean; readonly onAll: () => void };

/** What was decided and done in the last day, the latest first. */
export const timelineView = (seen: Seen, { nameOf, isAll, onAll }: TimelineLook): VNode =>
  frame<readonly Entry[]>({
    ...seen,
    title: "Decisions of the last 24 hours",
    id: "timeline",
    view: ({ value }) => {
      if (value.length === 0)
        return el(
          "p",
          { class: "dim" },
          "No decision in the last 24 hours: no run came to a step of a rule.",
        );
      const latest = value.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at) || b.sequence - a.sequence);
      const shown = isAll ? latest : latest.slice(0, MOST);
      return [
        el(
          "ol",
          { class: "timeline" },
          shown.map((entry) => entryItem(entry, seen.now, nameOf)),
        ),
        isAll && latest.length >= MOST_DECISIONS
          ? el(
              "p",
              { class: "small dim" },
              `The latest ${MOST_DECISIONS}. All: watchdog audit list --since 24h --limit 0`,
            )
          : undefined,
        latest.length > shown.length
          ? el("button", { type: "button", class: "quiet", onClick: onAll }, `Show all ${latest.length}`)
          : undefined,
      ];
    },
  });
