export { type Case, type CaseFile, parseCases } from "./case-file.ts";
export type { Difference } from "./differences.ts";
export { checkSpent } from "./spent-problems.ts";
export { type CaseOutcome, type RunOutcome, tryCase } from "./try-case.ts";
