import { vi } from "vitest";

/**
 * Each test file gets the policy anew, in one process: what a module makes once when it is loaded, such as a pattern, is
 * then made by the mutant that is being tried, and not by the one before.
 */
vi.resetModules();
