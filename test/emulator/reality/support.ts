import type { Emulator } from "../../../emulator/index.ts";
import { ask, type Json } from "../support.ts";

/** The run with this label in full, as its owner reads it. */
export const detailOf = (emulator: Emulator, label: string): Json =>
  ask(emulator, "GET", `/v2/actor-runs/${emulator.truth.idOf(label)}`).data;

/** The same as the account's list shows it; undefined when it does not. */
export const itemOf = (emulator: Emulator, label: string, query = ""): Json | undefined => {
  const id = emulator.truth.idOf(label);
  const { items } = ask(emulator, "GET", `/v2/actor-runs?${query}`).data;
  return items.find((item: Json) => item.id === id);
};

/** Status and type of a refusal. */
export const refusalOf = (told: ReturnType<typeof ask>): readonly [number, string | undefined] => [
  told.status,
  told.error?.type,
];
