import { type Child, el } from "../../../page/el.ts";
import { runLink } from "../../../page/parts.ts";
import type { Answers } from "../asked.ts";
import { ask, type Draft, hashOf } from "../state.ts";
import type { Entry, Exemption } from "../told.ts";
import { capital, minuteText, percentText, usdText } from "../words.ts";
import { type CurvePoint, curveView } from "./curve.ts";
import { entriesView } from "./entries.ts";
import { block, pairs, partView, said } from "./part.ts";

type Rule = {
  readonly ruleId: string;
  readonly says: string;
  readonly mode: string;
  readonly metric: string;
  readonly limit: number;
  readonly share?: number;
};

type Explained =
  | { readonly kind: "unknown"; readonly nearest?: string }
  | {
      readonly kind: "live" | "ended";
      readonly runId: string;
      readonly actorName?: string;
      readonly actorId: string;
      readonly taskName?: string;
      readonly scheduleId?: string;
      readonly scheduleName?: string;
      readonly run: { readonly status: string; readonly usageTotalUsd?: number; readonly startedAt: string };
      readonly observedAt: string;
      readonly unread?: string;
      readonly curve: readonly CurvePoint[];
      readonly decision: { readonly why: string };
      readonly rules: readonly Rule[];
      readonly history: readonly { readonly kind: string; readonly entryId: string }[];
    };

const ruleItem = ({ ruleId, says, share, mode }: Rule): Child =>
  el(
    "li",
    {},
    el("a", { href: hashOf({ kind: "rule", id: ruleId }) }, ruleId),
    mode === "observe" ? " (only observed)" : "",
    share === undefined ? "" : ` ${percentText(share)}`,
    el("p", { class: "small" }, says),
  );

const endLabel = (ruleId: string | undefined): string =>
  ruleId === undefined ? "End its exemption" : `End its exemption from ${ruleId}`;

const ending = (id: string, ruleId: string | undefined): Draft => ({
  act: "end-exemption",
  subject: "run",
  id,
  ...(ruleId !== undefined && { ruleId }),
});

type Look = { readonly now: Date; readonly canAct: boolean; readonly exemptions: readonly Exemption[] };

/** What can be done about it: it lives, or it was stopped by us. */
function acts(run: Explained & { kind: "live" | "ended" }, { canAct, exemptions }: Look): Child {
  const { runId, kind, history } = run;
  if (!canAct) return undefined;
  const button = (label: string, onClick: () => void, name?: string): Child =>
    el("button", { type: "button", class: name, onClick }, label);
  if (kind === "live")
    return el(
      "p",
      { class: "acts" },
      button("Stop", () => ask({ act: "stop", runId }), "stop"),
      button("Let run", () => ask({ act: "let-run", runId })),
      exemptions.flatMap(({ subject }) =>
        subject?.kind === "run" && subject.id === runId
          ? [button(endLabel(subject.ruleId), () => ask(ending(runId, subject.ruleId)))]
          : [],
      ),
    );
  const isStopped = history.some((entry) => entry.kind === "abort.confirmed");
  return isStopped
    ? el(
        "p",
        { class: "acts" },
        button("Undo the stop", () => ask({ act: "undo", stop: runId })),
      )
    : undefined;
}

/** A run: why it is stopped or not, its curve, every rule's view of it, and its entries. */
export function runView({ explain, entries }: Answers, look: Look): Child {
  const { now } = look;
  return [
    partView<Explained>(explain, (told) => {
      if (told.kind === "unknown")
        return said("warn", `Unknown run.${told.nearest ? ` Did you mean ${told.nearest}?` : ""}`);
      const { run, actorName, actorId, taskName, scheduleId, scheduleName, decision, rules, unread } = told;
      const limit = rules.find(({ metric }) => metric === "usageTotalUsd")?.limit;
      return [
        pairs([
          ["Run", [runLink(told.runId), " in Apify Console"]],
          ["Actor", actorName ?? actorId],
          ...(taskName ? ([["Task", taskName]] as const) : []),
          ...(scheduleId
            ? ([
                [
                  "Schedule",
                  el("a", { href: hashOf({ kind: "source", id: scheduleId }) }, scheduleName ?? scheduleId),
                ],
              ] as const)
            : []),
          ["Status", `${run.status}, started ${minuteText(run.startedAt, now)} UTC`],
          ["Cost", usdText(run.usageTotalUsd)],
        ]),
        el("p", { class: "why" }, el("strong", {}, `${capital(decision.why)}.`)),
        unread ? said("warn", ["As the last tick saw it. Apify was not asked: ", unread]) : undefined,
        acts(told, look),
        block("Cost", curveView(told.curve, limit, now)),
        block("Rules", el("ul", { class: "plain" }, rules.map(ruleItem))),
      ];
    }),
    block(
      "What is written of it",
      partView<readonly Entry[]>(entries, (all) => entriesView(all, now)),
    ),
  ];
}
