import { batch, signal } from "@preact/signals";
import type { Order, Told } from "../../api.ts";
import { act, plan, UnheardError } from "../asked.ts";
import { type Draft, draft, page } from "../state.ts";
import { ACTS, orderOf } from "./fields.ts";

/** How far an order is: it is planned before it can be done, and what is done is what was planned. */
export type Stage =
  | { readonly kind: "asked" }
  | { readonly kind: "planning" }
  | { readonly kind: "planned"; readonly order: Order; readonly told: Told }
  | { readonly kind: "doing"; readonly order: Order; readonly told: Told }
  | { readonly kind: "done"; readonly told: Told }
  /** It was sent, and what became of it is not known: to send it again may do it twice. */
  | { readonly kind: "unknown"; readonly says: string };

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

/** `from`: the stage that it was. By now the dialog may be closed, or what is typed another: then nothing is said of it. */
const fail = (wanted: Draft, says: string, { from, back }: { from: Stage; back: Stage }): void => {
  if (owner !== wanted || stage.peek() !== from) return;
  batch(() => {
    wrong.value = says;
    stage.value = back;
  });
};

/** Asks what it would do. */
async function makePlan(wanted: Draft): Promise<void> {
  const back: Stage = { kind: "asked" };
  const order = orderOf(wanted, given.peek());
  if (order === undefined) return fail(wanted, "Something is missing above.", { from: stage.peek(), back });
  const from: Stage = { kind: "planning" };
  stage.value = from;
  wrong.value = undefined;
  try {
    const told = await plan(order, page.peek().session);
    if (told.refused !== undefined) return fail(wanted, told.refused, { from, back });
    // What was typed meanwhile is another order, which this is no plan of.
    if (owner === wanted && stage.peek() === from) stage.value = { kind: "planned", order, told };
  } catch (error) {
    fail(wanted, (error as Error).message, { from, back });
  }
}

/** Does what was planned. */
async function carryOut(wanted: Draft): Promise<void> {
  const back = stage.peek();
  if (back.kind !== "planned") return;
  const from: Stage = { ...back, kind: "doing" };
  stage.value = from;
  wrong.value = undefined;
  try {
    const told = await act(back.order, page.peek().session);
    if (told.refused !== undefined) return fail(wanted, told.refused, { from, back });
    if (owner !== wanted) return;
    const { unknown: says } = told;
    stage.value = says === undefined ? { kind: "done", told } : { kind: "unknown", says };
  } catch (error) {
    const { message: says } = error as Error;
    if (!(error instanceof UnheardError)) fail(wanted, says, { from, back });
    else if (owner === wanted) stage.value = { kind: "unknown", says };
  }
}

/** The next step of an order, from where it is: while one is under way, and once it is done, there is none. */
export async function goOn(wanted: Draft): Promise<void> {
  const { kind } = stage.peek();
  if (kind === "asked") await makePlan(wanted);
  if (kind === "planned") await carryOut(wanted);
}

export function leave(): void {
  owner = undefined;
  draft.value = undefined;
}
