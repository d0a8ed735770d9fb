export { RunWatchdog } from "./run-watchdog.ts";
export type { RunWatchdogProps } from "./run-watchdog-props.ts";
