import { batch, signal } from "@preact/signals";
import type { Order, Told } from "../../api.ts";
import { act, plan } from "../asked.ts";
import { type Draft, draft, page } from "../state.ts";
import { ACTS, orderOf } from "./fields.ts";

/** How far an order is: it is planned before it can be done, and what is done is what was planned. */
export type Stage =
  | { readonly kind: "asked" }
  | { readonly kind: "planning" }
  | { readonly kind: "planned"; readonly order: Order; readonly told: Told }
  | { readonly kind: "doing"; readonly order: Order; readonly told: Told }
  | { readonly kind: "done"; readonly told: Told };

export const stage = signal<Stage>({ kind: "asked" });
export const given = signal<Readonly<Record<string, string>>>({});
/** Why the last step was not made. */
export const wrong = signal<string | undefined>(undefined);

/** What is typed belongs to the order that it was typed for. */
let owner: Draft | undefined;

/** For a dialog that is drawn: a new order begins empty. */
export function begin(wanted: Draft): void {
  if (owner === wanted) return;
  owner = wanted;
  batch(() => {
    stage.value = { kind: "asked" };
    wrong.value = undefined;
    given.value = Object.fromEntries(
      ACTS[wanted.act].fields.flatMap(({ name, preset }) => (preset ? [[name, preset]] : [])),
    );
  });
}

/** Another text makes the plan one of something else. */
export function type(name: string, text: string): void {
  batch(() => {
    given.value = { ...given.value, [name]: text };
    stage.value = { kind: "asked" };
    wrong.value = undefined;
  });
}

const fail = (wanted: Draft, says: string, back: Stage): void => {
  if (owner !== wanted) return;
  batch(() => {
    wrong.value = says;
    stage.value = back;
  });
};

/** Asks what it would do. */
export async function makePlan(wanted: Draft): Promise<void> {
  const order = orderOf(wanted, given.peek());
  if (order === undefined) return fail(wanted, "Something is missing above.", { kind: "asked" });
  stage.value = { kind: "planning" };
  wrong.value = undefined;
  try {
    const told = await plan(order, page.peek().session);
    if (owner !== wanted) return;
    if (told.refused !== undefined) return fail(wanted, told.refused, { kind: "asked" });
    stage.value = { kind: "planned", order, told };
  } catch (error) {
    fail(wanted, (error as Error).message, { kind: "asked" });
  }
}

/** Does what was planned. */
export async function carryOut(wanted: Draft): Promise<void> {
  const planned = stage.peek();
  if (planned.kind !== "planned") return;
  stage.value = { ...planned, kind: "doing" };
  wrong.value = undefined;
  try {
    const told = await act(planned.order, page.peek().session);
    if (owner !== wanted) return;
    if (told.refused !== undefined) return fail(wanted, told.refused, planned);
    stage.value = { kind: "done", told };
  } catch (error) {
    fail(wanted, (error as Error).message, planned);
  }
}

export function leave(): void {
  owner = undefined;
  draft.value = undefined;
}
