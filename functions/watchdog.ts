import { createTickHandler } from "./runtime.ts";

/** What EventBridge Scheduler invokes. Any event is a tick; it returns the tick report. */
export const handler = createTickHandler();
