import { type Child, el } from "../../../page/el.ts";
import { runLink } from "../../../page/parts.ts";
import type { Answers } from "../asked.ts";
import { ask, hashOf } from "../state.ts";
import type { Entry } from "../told.ts";
import { block, pairs, partView, said } from "./part.ts";

type Whole = Entry & Readonly<Record<string, unknown>>;

const STOPS = ["abort.intended", "abort.requested", "abort.confirmed"];

/** An entry of the audit: what it says, what it rests on, and all of it as it is stored. */
export const entryView = (answers: Answers, canAct: boolean): Child =>
  partView<readonly Whole[]>(answers.entry, ([entry]) => {
    if (entry === undefined) return said("warn", "There is no such entry.");
    const { entryId, at, by, runId, ruleId, reason, kind, word, says } = entry;
    const { word: _word, says: _says, ...stored } = entry;
    const isStop = runId !== undefined && STOPS.includes(kind);
    return [
      el("p", { class: "why" }, el("strong", {}, word), " ", says),
      pairs([
        ["When", `${at.slice(0, 19).replace("T", " ")} UTC`],
        ["By", by],
        ...(runId
          ? ([
              [
                "Run",
                [el("a", { href: hashOf({ kind: "run", id: runId }) }, "Look closer"), " ", runLink(runId)],
              ],
            ] as const)
          : []),
        ...(ruleId
          ? ([["Rule", el("a", { href: hashOf({ kind: "rule", id: ruleId }) }, ruleId)]] as const)
          : []),
        ...(reason ? ([["Reason", reason]] as const) : []),
        ["Entry", el("span", { class: "id" }, entryId)],
      ]),
      canAct && isStop
        ? el(
            "p",
            { class: "acts" },
            el(
              "button",
              { type: "button", onClick: () => ask({ act: "undo", stop: entryId }) },
              "Undo the stop",
            ),
          )
        : undefined,
      block("As it is stored", el("pre", { class: "stored", tabindex: 0 }, JSON.stringify(stored, null, 2))),
    ];
  });
