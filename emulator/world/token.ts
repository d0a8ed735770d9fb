import type { During } from "../ground/during.ts";
import type { RequestMatch } from "./request.ts";

/**
 * A token of the world's, by its name: whose it is, when it works (401 outside that time), and what it may do (403 for
 * all else). Tokens that the world does not name are the owner's and may do everything.
 */
export type TokenSpec = During & {
  /** A user's name as the world declares it. Default: the owner's. */
  readonly user?: string;
  /** Nothing but these. */
  readonly only?: readonly RequestMatch[];
  /** Everything but these. */
  readonly except?: readonly RequestMatch[];
};
