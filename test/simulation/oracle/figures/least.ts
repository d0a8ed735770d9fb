import type { Reading } from "../readings.ts";
import type { Span } from "../schedule-text.ts";
import type { Figures } from "./judge.ts";

/**
 * The least that an answer says against its run over a span: what it tells by itself. What takes a history, or more than
 * one look, is left out, and so is time.
 */
export const leastFigures = (
  { status, usageTotalUsd, detail }: Pick<Reading, "status" | "usageTotalUsd" | "detail">,
  span: Span,
): Figures => ({
  status,
  usageTotalUsd,
  detail,
  settings: detail?.settings,
  runSecs: 0,
  queueSecs: 0,
  stoppingSecs: 0,
  underIntent: false,
  span,
  isSure: true,
  derived: () => undefined,
  spent: () => undefined,
  stood: () => false,
});
