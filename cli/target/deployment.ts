import { type Pointer, pointerIn } from "../../functions/pointer.ts";
import { systemClock, systemRandom } from "../../src/adapters/system.ts";
import type {
  Deployment,
  Fact,
  OtherPlaces,
  OtherWatchdog,
} from "../../src/watchdog/model/deployed/deployment.ts";
import type { StateStore } from "../../src/watchdog/model/ports.ts";
import type { Connection } from "../command.ts";

/** The pointer in an output; none where a newer version wrote it, whose things are not known here. */
function readable(text: string): Pointer | undefined {
  try {
    return pointerIn(text);
  } catch {
    return undefined;
  }
}

/** The state of a watchdog by where it has its things. */
type StateOf = (places: OtherPlaces) => Pick<StateStore, "readControl">;

/** What can be known of them: a table that can't be read leaves its Apify user open. */
const known = (stateOf: StateOf, places: readonly OtherPlaces[]): Promise<readonly OtherWatchdog[]> =>
  Promise.all(
    places.map(async (each) => {
      const control = await stateOf(each)
        .readControl()
        .catch(() => undefined);
      return {
        ...each,
        ...(control?.apifyUserId !== undefined && { apifyUserId: control.apifyUserId }),
      };
    }),
  );

/** The tables of a deployment, and where it was deployed as a stack, the rest of it. `undefined` for those of this machine. */
export async function deploymentOf({
  ports,
  target,
  tables,
}: Pick<Connection, "ports" | "target" | "tables">): Promise<Deployment | undefined> {
  if (tables === undefined) return undefined;
  const { createDynamoStores, DynamoDBClient, functionFacts, outputsOfStacks, ringingFacts, tableFacts } =
    await import("./clients/deployed.ts");
  const client = new DynamoDBClient({ maxAttempts: 1 });
  const sleep = (ms: number): Promise<void> => systemClock.sleep(ms);
  const stateOf: StateOf = ({ stateTable, auditTable, account }) =>
    createDynamoStores({ client, stateTable, auditTable, account, random: systemRandom, sleep }).state;
  const isThis = ({ account, stateTable }: OtherPlaces): boolean =>
    account === target.account && stateTable === tables.stateTable;

  const others = async (): Promise<Fact<readonly OtherWatchdog[]>> => {
    const outputs = await outputsOfStacks();
    if (outputs.kind === "unknown") return outputs;
    const pointed = outputs.value.flatMap(({ stack, values }) =>
      values.flatMap((value) => {
        const { account, stateTable, auditTable } = readable(value) ?? {};
        return account && stateTable && auditTable ? [{ stack, account, stateTable, auditTable }] : [];
      }),
    );
    const beside = (await ports.state.readAccounts())
      .map((account) => ({ stack: target.name, account, ...tables }))
      .filter(({ account, stateTable }) =>
        pointed.every((each) => each.account !== account || each.stateTable !== stateTable),
      );
    const places = [...pointed, ...beside].filter((each) => !isThis(each));
    return { kind: "known", value: await known(stateOf, places) };
  };
  return {
    ...tableFacts,
    ...functionFacts(() => systemClock.now()),
    ...ringingFacts(target.name),
    others,
  };
}
