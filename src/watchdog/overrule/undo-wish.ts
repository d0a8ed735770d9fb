import type { MicroUsd } from "../../policy/index.ts";
import type { ValidExemption } from "../model/exemption.ts";

/** What an operator asks for. */
export type UndoWish = {
  /** Of an entry of the stop, or its first six digits or more. */
  readonly entryId: string;
  readonly by: string;
  readonly reason: string;
  readonly until: Date;
  readonly ceilingMicroUsd?: MicroUsd;
  readonly timeoutSecs?: number;
};

type About = { readonly runId: string; readonly intentId: string };

/** The run lives again. */
export type Undone = About & {
  readonly kind: "undone";
  readonly status: string;
  readonly exemption: ValidExemption;
  readonly finalMicroUsd?: MicroUsd;
  /** What was added to the final cost to make the ceiling, where none was asked for. */
  readonly limitMicroUsd?: MicroUsd;
};

/** The run was not resurrected, and its exemption is ended again. */
export type Unmade = About & { readonly kind: "unmade"; readonly why: string };

/** It went half the way: `why` says what stands and what to do. */
export type Unfinished = About & { readonly kind: "unfinished"; readonly why: string };

/** Why a stop is not undone: a word for programs, a sentence for people. */
export type NotUndone = {
  readonly kind: "refused";
  readonly reason:
    | "no-such-entry"
    | "no-stop"
    | "missing"
    | "not-aborted"
    | "later-life"
    | "open-intent"
    | "undone-already"
    | "too-often"
    | "exempt"
    | "no-ceiling"
    | "ceiling-reached"
    | "too-busy";
  readonly why: string;
};

export const refuse = (reason: NotUndone["reason"], why: string): NotUndone => ({
  kind: "refused",
  reason,
  why,
});

export type UndoResult = NotUndone | Undone | Unmade | Unfinished;
