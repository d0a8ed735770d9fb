import fc from "fast-check";
import { HOUR, MINUTE, SECOND } from "../../support/world.ts";

/** What may happen between ticks, and how ticks themselves may go. Numbers choose among what there is. */
export type Happening =
  | { readonly kind: "start"; readonly actor: number; readonly agoMs: number; readonly microUsd: number }
  | { readonly kind: "spend"; readonly run: number; readonly microUsd: number }
  | { readonly kind: "correct"; readonly run: number; readonly microUsd: number }
  | { readonly kind: "hide"; readonly run: number }
  | { readonly kind: "end"; readonly run: number; readonly agoMs: number }
  | { readonly kind: "resurrect"; readonly run: number }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "tick" }
  | { readonly kind: "dying tick"; readonly afterCalls: number; readonly takesEffect: boolean }
  | { readonly kind: "overlapping ticks"; readonly switches: readonly boolean[] };

const choice = fc.nat({ max: 9 });
const cents = fc.nat({ max: 5_000_000 });
const spans = [SECOND, 20 * SECOND, MINUTE, 7 * MINUTE, HOUR, 6 * HOUR, 60 * HOUR];
export const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    kind: fc.constant("start" as const),
    actor: choice,
    agoMs: fc.constantFrom(0, SECOND, MINUTE, HOUR, 240 * HOUR),
    microUsd: cents,
  }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("spend" as const), run: choice, microUsd: cents }) },
  fc.record({ kind: fc.constant("correct" as const), run: choice, microUsd: cents }),
  fc.record({ kind: fc.constant("hide" as const), run: choice }),
  fc.record({ kind: fc.constant("end" as const), run: choice, agoMs: fc.constantFrom(0, SECOND, MINUTE) }),
  fc.record({ kind: fc.constant("resurrect" as const), run: choice }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(...spans) }) },
  { weight: 3, arbitrary: fc.constant({ kind: "tick" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("dying tick" as const),
      afterCalls: fc.nat({ max: 14 }),
      takesEffect: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("overlapping ticks" as const),
      switches: fc.array(fc.boolean(), { minLength: 4, maxLength: 24 }),
    }),
  },
);
