import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** What was spent on one kind of item. */
export type Units = { readUnits: number; writeUnits: number };

type Sort = Readonly<Record<string, { readonly S?: string }>>;
type Keyed = { readonly Key?: Sort; readonly Item?: Sort };
type Request = Keyed & {
  readonly TransactItems?: readonly Readonly<Record<string, Keyed>>[];
  readonly RequestItems?: Readonly<Record<string, { readonly Keys?: readonly Sort[] } | readonly unknown[]>>;
  readonly ExpressionAttributeValues?: Sort;
};
type Consumed = { readonly CapacityUnits?: number };
type Answer = { readonly ConsumedCapacity?: Consumed | readonly Consumed[] };

/** How the sort key of the first item that a request is about begins. A number is that of an entry of the audit. */
function kindOf(request: Request): string {
  const [first] = request.TransactItems ?? [];
  const keyed = first ? Object.values(first)[0] : request;
  const [batch] = Object.values(request.RequestItems ?? {});
  const key = keyed?.Key ?? keyed?.Item ?? (batch && "Keys" in batch ? batch.Keys?.[0] : undefined);
  const { ":from": slot, ":first": part, ":control": control } = request.ExpressionAttributeValues ?? {};
  const sort = key?.sk?.S ?? slot?.S ?? part?.S ?? control?.S;
  return sort?.split("#")[0] ?? "audit";
}

const isWrite = (command: string): boolean => /^(Put|Update|Delete|Transact|BatchWrite)/.test(command);

/** Counts from now on what a client's requests are charged, by the kind of their first item. Returns how to take it. */
export function countUnits(client: DynamoDBClient): () => ReadonlyMap<string, Units> {
  let spent = new Map<string, Units>();
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const answer = await next(args);
        const { ConsumedCapacity: consumed = [] } = answer.output as Answer;
        const kind = kindOf(args.input as Request);
        const sum = spent.get(kind) ?? { readUnits: 0, writeUnits: 0 };
        for (const { CapacityUnits = 0 } of [consumed].flat())
          sum[isWrite(commandName) ? "writeUnits" : "readUnits"] += CapacityUnits;
        spent.set(kind, sum);
        return answer;
      },
    { step: "initialize" },
  );
  return () => {
    const taken = spent;
    spent = new Map();
    return taken;
  };
}
