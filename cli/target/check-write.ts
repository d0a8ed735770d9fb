import type { Connection } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";
import { CALLS } from "../package.ts";

const wasLookedAt = async ({ ports }: Connection): Promise<boolean> =>
  (await ports.state.readLive()).heartbeat !== undefined;

/** A write that was meant for a deployed watchdog and lands in what `npm start` left here would say that all is well. */
function checkWatched({ isWatched, target }: Connection): void {
  if (isWatched !== false) return;
  throw new UsageError(
    `Nothing was written. The tables in ${target.name} are those that ${CALLS.start} left here, and it is not running: nothing would act on it. ` +
      "For a deployed watchdog add --stack NAME; for these tables all the same, --local.",
  );
}

/**
 * Throws `UsageError` before a write that would guard nothing: into local tables that nothing watches, unless they were
 * asked for; and where the tables know other accounts and not this one, for then its name is likely a slip. Returns what
 * to say after the write, where no tick was here before it or since.
 */
export async function checkWrite(
  connection: Connection,
  { force, local }: { readonly force: boolean; readonly local: boolean },
): Promise<() => Promise<string | undefined>> {
  if (!local) checkWatched(connection);
  const { state, account } = connection.ports;
  if (await wasLookedAt(connection)) return async () => undefined;
  if (!force && (await state.readControl()).version === 0) {
    const others = (await state.readAccounts()).filter((each) => each !== account);
    if (others.length > 0) {
      throw new UsageError(
        `These tables know ${others.map((each) => `account ${each}`).join(", ")}, and not account ${account}: nothing was written. ` +
          "Say which one with --account, or ACCOUNT; for a watchdog that is about to begin its work here, add --force.",
      );
    }
  }
  return async () =>
    (await wasLookedAt(connection)) ? undefined : `No tick has looked at this account yet: ${account}.`;
}
