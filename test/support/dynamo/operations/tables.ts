import { NotModelled, onlyFields, ServiceError } from "../errors.ts";
import { schemaOf, type TableInput } from "../schema.ts";
import { Table } from "../table.ts";
import { type Done, type Scene, tableOf } from "./operation.ts";

/** API reference: CreateTable. A table is there at once. */
export function createTable(scene: Scene, input: TableInput): Done {
  const { tables, latitude } = scene;
  if (tables.has(input.TableName))
    throw new ServiceError("ResourceInUseException", `Table already exists: ${input.TableName}`);
  tables.set(input.TableName, new Table(schemaOf(input), latitude));
  return { output: { TableDescription: { TableName: input.TableName, TableStatus: "ACTIVE" } } };
}

export function describeTable(scene: Scene, input: { readonly TableName: string }): Done {
  onlyFields("DescribeTable", input, ["TableName"]);
  tableOf(scene, input.TableName);
  return { output: { Table: { TableName: input.TableName, TableStatus: "ACTIVE" } } };
}

type ExpiryInput = {
  readonly TableName: string;
  readonly TimeToLiveSpecification: { readonly AttributeName: string; readonly Enabled: boolean };
};

/** API reference: UpdateTimeToLive, before anything is in the table. */
export function updateTimeToLive(scene: Scene, input: ExpiryInput): Done {
  onlyFields("UpdateTimeToLive", input, ["TableName", "TimeToLiveSpecification"]);
  const table = tableOf(scene, input.TableName);
  const { TimeToLiveSpecification: wish } = input;
  if (!wish.Enabled || table.writes > 0) throw new NotModelled("changes of an expiry that is in use");
  table.expiresBy = wish.AttributeName;
  return { output: { TimeToLiveSpecification: wish } };
}
