/** How one call travels. */
export type Passage = {
  /** From sending to effect, and from effect to answer. */
  readonly upMs: number;
  readonly downMs: number;
  /** An error instead of the effect, or after it in place of the answer. */
  readonly fails?: "before" | "after";
  /** Does it arrive although its sender died on the way? */
  readonly landsAnyway: boolean;
};

export type Sending<T> = {
  readonly what: string;
  readonly passage: Passage;
  /** Happens at one instant. `lateMs` is added to the way back. */
  readonly effect: () => { readonly value: Promise<T>; readonly lateMs?: number };
  readonly signal?: AbortSignal;
  /** The whole answer is there (`true`), or nobody waits for it any more. */
  readonly over?: (answered: boolean) => void;
  /** The answer has reached the machine, whose process stands still. */
  readonly arrived?: () => void;
  readonly error: (fails: "before" | "after") => Error;
};
