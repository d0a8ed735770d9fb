import { Logger } from "@aws-lambda-powertools/logger";
import { printable, printableAll } from "../src/policy/index.ts";
import type { Log } from "../src/watchdog/model/ports.ts";

export type LambdaLog = Log & {
  /** From here on each line carries the id of this invocation, by which AWS's own lines are found. */
  begin(requestId: string | undefined): void;
};

/** Structured lines: ids, counts and reasons, printable; never a secret, never a body. */
export function lambdaLog(): LambdaLog {
  const logger = new Logger({ serviceName: "apify-run-watchdog" });
  return {
    begin: (requestId) => logger.appendKeys({ requestId }),
    info: (message, fields = {}) => logger.info(printable(message), { ...printableAll(fields) }),
    warn: (message, fields = {}) => logger.warn(printable(message), { ...printableAll(fields) }),
  };
}
