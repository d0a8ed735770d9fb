/** Something that becomes otherwise for the whole account; `atMs` counts from the world's start. */
export type WorldChange =
  /**
   * Another plan: every figure in dollars that is shown from then on, of old usage too, is so many times what it was.
   * Apify works dollars out of the prices at the time of the question.
   */
  { readonly kind: "prices"; readonly atMs: number; readonly factor: number };
