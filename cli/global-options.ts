import type { Option } from "./command.ts";
import { CALLS } from "./package.ts";

/** What every command takes. */
export const GLOBAL_OPTIONS: Readonly<Record<string, Option>> = {
  json: { about: "Print JSON, and nothing else, on standard output" },
  stack: { value: "NAME", about: "The tables of this CloudFormation stack" },
  local: { about: `The tables that ${CALLS.start} left in .watchdog` },
  "no-pager": { about: "Show a list that is longer than the screen without $PAGER (less)" },
  account: {
    value: "NAME",
    about: "The account's name in the tables (default: $ACCOUNT)",
  },
};
