import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Order, Page, Part, PartName } from "../api.ts";

/** What the page knows and where it is looked at. Only `news.ts` and `main.ts` write what comes from outside. */

export const page = signal<Page>({ session: "", canAct: false });

/** A part that is `undefined` has not been heard of yet. */
export const parts: Readonly<Record<PartName, Signal<Part | undefined>>> = {
  status: signal(),
  runs: signal(),
  report: signal(),
  exemptions: signal(),
  timeline: signal(),
};

/** `lost`: the server has not been heard since then; what is shown is of that time. `refused`: it answers, and not this page. */
export type Line =
  | { readonly kind: "connecting" }
  | { readonly kind: "open" }
  | { readonly kind: "lost"; readonly since: Date; readonly refused: boolean };

export const line = signal<Line>({ kind: "connecting" });

/** The server's time, in whole seconds. */
export const now = signal(new Date(0));

const PACE_MS = 10_000;
// Upwards: what has just happened is never still to come.
const paced = computed(() => Math.ceil(now.value.getTime() / PACE_MS));
/** The same for what has many rows, which would be drawn again each second for nothing: moved on every ten seconds. */
export const calmNow: ReadonlySignal<Date> = computed(() => new Date(paced.value * PACE_MS));

/** What is looked at more closely. It stands in the address, so that it can be linked to and gone back from. */
export type Drawer = { readonly kind: (typeof DRAWERS)[number]; readonly id: string };

const DRAWERS = ["run", "rule", "entry", "source"] as const;

/** `#run/ID` */
export const hashOf = ({ kind, id }: Drawer): string => `#${kind}/${encodeURIComponent(id.toWellFormed())}`;

/** What an address opens, if it names a drawer. */
export function drawerIn(hash: string): Drawer | undefined {
  const [, name, id] = /^#([a-z]+)\/(.+)$/.exec(hash) ?? [];
  const kind = DRAWERS.find((each) => each === name);
  if (kind === undefined || id === undefined) return undefined;
  try {
    return { kind, id: decodeURIComponent(id) };
  } catch {
    return undefined;
  }
}

/** The drawer that is open. */
export const drawer = signal<Drawer | undefined>(undefined);

export const open = (wanted: Drawer): void => {
  location.hash = hashOf(wanted);
};

/** Closes the drawer, without leaving the page's place in the history. */
export const close = (): void => {
  history.pushState(null, "", location.pathname);
  drawer.value = undefined;
};

type DraftOf<O> = O extends Order ? Pick<O, "act"> & Partial<Omit<O, "act">> : never;

/** An order as far as what was clicked on says it: the dialog asks for the rest. */
export type Draft = DraftOf<Order>;

/** The order whose dialog is open. */
export const draft = signal<Draft | undefined>(undefined);

export const ask = (wanted: Draft): void => {
  draft.value = wanted;
};
