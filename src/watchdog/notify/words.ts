import type { Fact } from "../model/notice.ts";

/** What a notice says besides the sentence of its entry. */
export type Words = {
  /** What it is about, behind the word in the title. */
  readonly about: string;
  readonly facts: readonly Fact[];
  /** Without the stack; and what following it does. */
  readonly command?: { readonly name: "Overrule" | "Undo" | "See" | "Prolong"; readonly line: string };
};
