import { minuteOf } from "../model/minute.ts";
import type { Fact } from "../model/notice.ts";

/** What a notice says besides the sentence of its entry. */
export type Words = {
  /** What it is about, behind the word in the title. */
  readonly about: string;
  readonly facts: readonly Fact[];
  /** Without the stack; and what following it does. */
  readonly command?: Command;
};

export type Command = {
  readonly name: "To undo" | "To exempt" | "To resume" | "To prolong" | "More";
  readonly line: string;
};

const DOES: readonly (readonly [begins: string, does: Command["name"]])[] = [
  ["watchdog undo ", "To undo"],
  ["watchdog exempt add ", "To exempt"],
  ["watchdog exempt end ", "To undo"],
  ["watchdog resume ", "To resume"],
];

/** A command, by what it is for. */
export const commandOf = (line: string): Command => ({
  name: DOES.find(([begins]) => line.startsWith(begins))?.[1] ?? "More",
  line,
});

/** A line of a notice, where there is something to say. */
export const fact = (name: string, value: string | undefined): readonly Fact[] =>
  value === undefined ? [] : [{ name, value }];

/** `2026-11-24 18:00 UTC`; what is no instant stays as it is. */
export const utc = (at: string): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(at) ? `${minuteOf(at)} UTC` : at;
