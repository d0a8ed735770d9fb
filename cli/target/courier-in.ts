import { type Connection, type Courier, targetText } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";

/** The courier of these tables' watchdog; only a deployed one with a channel has one. */
export function courierIn({ courier, target }: Pick<Connection, "courier" | "target">): Courier {
  if (courier) return courier;
  throw new UsageError(
    `Nothing sends notifications for ${targetText(target)}: give --stack NAME of a stack with a channel, for example one deployed with -c stopEmail=ops@example.com.`,
  );
}
