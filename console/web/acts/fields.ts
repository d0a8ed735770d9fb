import type { Order } from "../../api.ts";
import type { Draft } from "../state.ts";

/** What a dialog asks for beside what was clicked on. */
export type Field = {
  readonly name: "until" | "ceilingUsd" | "reason";
  readonly label: string;
  readonly hint?: string;
  readonly isOptional?: boolean;
  readonly preset?: string;
};

const REASON: Field = {
  name: "reason",
  label: "Reason, for the audit",
  hint: "In one line: who reads it later should know why.",
};
const UNTIL: Field = {
  name: "until",
  label: "Until",
  hint: "A span (6h, 3d), a day (tomorrow, friday, 2026-12-24) or a time (2026-12-24T18:00Z).",
  preset: "6h",
};
const CEILING: Field = {
  name: "ceilingUsd",
  label: "Or until it has cost, in USD (optional)",
  isOptional: true,
};

type Act = { readonly title: string; readonly does: string; readonly fields: readonly Field[] };

export const ACTS: Readonly<Record<Order["act"], Act>> = {
  stop: { title: "Stop the run", does: "Stop it", fields: [REASON] },
  "let-run": { title: "Let the run go on", does: "Let it run", fields: [UNTIL, CEILING, REASON] },
  undo: { title: "Undo the stop", does: "Start it again", fields: [UNTIL, CEILING, REASON] },
  pause: {
    title: "Pause: stop nothing",
    does: "Pause",
    fields: [
      {
        ...UNTIL,
        preset: "2h",
        isOptional: true,
        label: "Until (left empty, until somebody resumes)",
      },
      REASON,
    ],
  },
  resume: { title: "Resume", does: "Resume", fields: [REASON] },
  release: { title: "Release the schedule", does: "Enable it", fields: [REASON] },
  "end-exemption": { title: "End the exemption", does: "End it", fields: [REASON] },
};

/** What it is about, by id. */
export function whatOf(draft: Draft): string | undefined {
  if ("runId" in draft) return draft.runId;
  if ("stop" in draft) return draft.stop;
  if ("schedule" in draft) return draft.schedule;
  if ("id" in draft) return `${draft.subject} ${draft.id}`;
  return undefined;
}

/** The order, where all is given that has to be. */
export function orderOf(draft: Draft, given: Readonly<Record<string, string>>): Order | undefined {
  const { fields } = ACTS[draft.act];
  const texts = fields.flatMap(({ name }) => {
    const text = (given[name] ?? "").trim();
    return text === "" ? [] : [[name, text] as const];
  });
  const isWhole = fields.every(({ name, isOptional }) => isOptional || texts.some(([each]) => each === name));
  return isWhole ? ({ ...draft, ...Object.fromEntries(texts) } as Order) : undefined;
}
