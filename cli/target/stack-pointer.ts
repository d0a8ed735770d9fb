import { type Pointer, pointerIn } from "../../functions/pointer.ts";
import { AWS_CLIENT } from "../../src/adapters/token/aws-client.ts";
import { UsageError } from "../options/usage-error.ts";

type Output = { readonly OutputKey?: string | undefined; readonly OutputValue?: string | undefined };

/** What an older version's stack has of ours, to be told from a stack of something else. */
const OLD_OUTPUTS = ["StateTable", "AuditTable"];

function noPointer(stack: string, outputs: readonly Output[]): UsageError {
  const isOld = OLD_OUTPUTS.every((old) => outputs.some(({ OutputKey }) => OutputKey?.endsWith(old)));
  const why = isOld
    ? `The stack ${stack} was deployed by an older version of the watchdog, which left nothing that names its things exactly. Deploy it again with this version and all of its settings`
    : `The stack ${stack} has no watchdog in it: none of its outputs was written by one. If an older version did deploy one, deploy it again with this version`;
  return new UsageError(`${why}; until then name its tables: STATE_TABLE, AUDIT_TABLE and ACCOUNT.`);
}

/**
 * The one watchdog that a stack's outputs point to. Throws `UsageError` where there is none, or not exactly one that
 * `account` can mean: none is picked by chance.
 */
export function pointerAmong(
  outputs: readonly Output[],
  { stack, account }: { readonly stack: string; readonly account: string | undefined },
): Pointer {
  const pointers = outputs.flatMap(({ OutputValue = "" }) => pointerIn(OutputValue) ?? []);
  if (pointers.length === 0) throw noPointer(stack, outputs);
  const named = pointers.map((each) => each.account).join(", ");
  const meant = pointers.filter((each) => account === undefined || each.account === account);
  const [only, ...others] = meant;
  if (only === undefined) {
    throw new UsageError(`--account ${account}: the stack ${stack} watches ${named}.`);
  }
  if (others.length === 0) return only;
  if (account === undefined) {
    throw new UsageError(
      `The stack ${stack} has ${pointers.length} watchdogs, of the accounts ${named}: say which one with --account.`,
    );
  }
  throw new UsageError(
    `The stack ${stack} has ${meant.length} watchdogs that call their account ${account}: name the tables of one by STATE_TABLE, AUDIT_TABLE and ACCOUNT.`,
  );
}

/** Asks CloudFormation for the outputs of a stack, and nothing else. Throws `UsageError` where it can't be the one that is meant. */
export async function readStackPointer(stack: string, account: string | undefined): Promise<Pointer> {
  const { CloudFormationClient, DescribeStacksCommand } = await import("./clients/cloudformation.ts");
  const client = new CloudFormationClient(AWS_CLIENT);
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const pointer = pointerAmong(Stacks[0]?.Outputs ?? [], { stack, account });
    const region = await client.config.region();
    if (pointer.region === region) return pointer;
    throw new UsageError(
      `The stack ${stack} was found in ${region}, and its output names ${pointer.region}: set AWS_REGION=${pointer.region}.`,
    );
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) {
      throw new UsageError(
        `There is no stack ${stack} in this account and region. Set AWS_REGION or AWS_PROFILE, or another --stack.`,
        { cause: error },
      );
    }
    throw error;
  } finally {
    client.destroy();
  }
}
