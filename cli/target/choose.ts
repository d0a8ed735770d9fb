import type { TargetFrom } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";
import type { Remembered } from "./remembered.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Which tables a command line means, and what said so where the command line did not. */
export type Chosen =
  | {
      readonly kind: "stack";
      readonly stack: string;
      readonly account?: string | undefined;
      readonly from?: TargetFrom;
    }
  | { readonly kind: "environment" }
  | { readonly kind: "folder"; readonly from?: TargetFrom };

type Written = {
  readonly stack?: string | undefined;
  readonly local: boolean;
  readonly account?: string | undefined;
};

/** All that names a target outright, as people would write it: of two none is picked. */
function namedBy({ stack, local }: Written, env: Env): readonly string[] {
  const { WATCHDOG_STACK, STATE_TABLE, AUDIT_TABLE } = env;
  return [
    ...(stack ? [`--stack ${stack}`] : []),
    ...(local ? ["--local"] : []),
    // The same stack twice is one target.
    ...(WATCHDOG_STACK && WATCHDOG_STACK !== stack ? [`WATCHDOG_STACK=${WATCHDOG_STACK}`] : []),
    ...(STATE_TABLE || AUDIT_TABLE ? ["STATE_TABLE and AUDIT_TABLE"] : []),
  ];
}

/**
 * `--stack` or `--local`, else WATCHDOG_STACK, else STATE_TABLE and AUDIT_TABLE; else what `watchdog use` keeps, else this
 * folder's tables. Throws `UsageError` where two of the first three are given.
 */
export function chooseTarget(written: Written, env: Env, remembered: () => Remembered | undefined): Chosen {
  const named = namedBy(written, env);
  if (named.length > 1)
    throw new UsageError(
      `More than one target is named: ${named.join("; ")}. Leave out, or unset, all except the one that you mean.`,
    );
  const { stack, local, account } = written;
  if (stack) return { kind: "stack", stack, account };
  if (local) return { kind: "folder" };
  if (env.WATCHDOG_STACK)
    return { kind: "stack", stack: env.WATCHDOG_STACK, account, from: "WATCHDOG_STACK" };
  if (named.length > 0) return { kind: "environment" };
  const kept = remembered();
  if (kept) return { kind: "stack", stack: kept.stack, account: account ?? kept.account, from: "use" };
  return { kind: "folder", from: "this folder" };
}
