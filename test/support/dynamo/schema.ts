import { invalid, NotModelled, onlyFields, ServiceError } from "./errors.ts";
import { bytewise, checkValue, type Item, kindOf } from "./values.ts";

export type Keys = { readonly hash: string; readonly range: string };

/** What a table is made of. Both its keys and those of its indexes are two attributes. */
export type Schema = {
  readonly name: string;
  readonly keys: Keys;
  readonly types: ReadonlyMap<string, "S" | "N" | "B">;
  /** Global secondary indexes, by name; each projects all attributes. */
  readonly indexes: ReadonlyMap<string, Keys>;
};

type KeySchema = readonly { readonly AttributeName: string; readonly KeyType: "HASH" | "RANGE" }[];
export type TableInput = {
  readonly TableName: string;
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: "S" | "N" | "B";
  }[];
  readonly KeySchema: KeySchema;
  readonly GlobalSecondaryIndexes?: readonly {
    readonly IndexName: string;
    readonly KeySchema: KeySchema;
    readonly Projection: { readonly ProjectionType: string };
  }[];
};

const FIELDS = ["TableName", "BillingMode", "AttributeDefinitions", "KeySchema"];

export function schemaOf(input: TableInput): Schema {
  // A stream changes nothing of what requests answer.
  onlyFields("CreateTable", input, [...FIELDS, "GlobalSecondaryIndexes", "StreamSpecification"]);
  const indexes = (input.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }) => {
    if (Projection.ProjectionType !== "ALL") throw new NotModelled("indexes that project less than all");
    return [IndexName, keysOf(KeySchema)] as const;
  });
  return {
    name: input.TableName,
    keys: keysOf(input.KeySchema),
    types: new Map(input.AttributeDefinitions.map((each) => [each.AttributeName, each.AttributeType])),
    indexes: new Map(indexes),
  };
}

function keysOf(schema: KeySchema): Keys {
  const [hash, range] = ["HASH", "RANGE"].map(
    (type) => schema.find(({ KeyType }) => KeyType === type)?.AttributeName,
  );
  if (hash === undefined || range === undefined) throw new NotModelled("keys of one attribute");
  return { hash, range };
}

/** "Partition key: 1 to 2048 bytes; sort key: 1 to 1024 bytes" (guide: Constraints). */
const MOST_BYTES = { hash: 2048, range: 1024 };

/** The item's key, alone. Throws where it has none that the schema allows. */
export function keyOf(schema: Schema, item: Item): Item {
  checkKey(schema, schema.keys, item);
  const { hash, range } = schema.keys;
  return { [hash]: item[hash] ?? {}, [range]: item[range] ?? {} };
}

function checkKey({ types }: Schema, keys: Keys, item: Item): void {
  for (const part of ["hash", "range"] as const) {
    const name = keys[part];
    const value = item[name];
    if (value === undefined)
      throw invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`);
    checkValue(value);
    if (kindOf(value) !== types.get(name))
      throw invalid(
        `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${types.get(name)} actual: ${kindOf(value)}`,
      );
    if (value.N !== undefined) continue;
    const bytes = Buffer.byteLength(value.S ?? value.B ?? "", value.S === undefined ? "base64" : "utf8");
    if (bytes === 0)
      throw invalid(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
      );
    if (bytes > MOST_BYTES[part])
      throw invalid(
        `One or more parameter values were invalid: Size of ${part}key has exceeded the maximum size limit of ${MOST_BYTES[part]} bytes`,
      );
  }
}

/** An item has a place in an index when it has the index's keys; one of another type is refused. */
export function isIndexed(schema: Schema, keys: Keys, item: Item): boolean {
  if (item[keys.hash] === undefined || item[keys.range] === undefined) return false;
  checkKey(schema, keys, item);
  return true;
}

/** A key given alone: neither more nor less than it. */
export function checkBareKey(schema: Schema, key: Item): Item {
  if (Object.keys(key).length !== 2) throw invalid("The provided key element does not match the schema");
  try {
    return keyOf(schema, key);
  } catch (error) {
    if (error instanceof ServiceError && error.message.includes("Missing the key"))
      throw invalid("The provided key element does not match the schema");
    throw error;
  }
}

/** A text of its own for each value of a key, in the order in which DynamoDB sorts those of one type. */
export function sortText(value: Item[string] | undefined): string {
  if (value?.S !== undefined) return bytewise(value.S);
  if (value?.B !== undefined) return Buffer.from(value.B, "base64").toString("latin1");
  const number = BigInt(value?.N ?? 0);
  // Whole numbers of up to 38 digits, those below zero before the others.
  const shifted = number + 10n ** 38n;
  return String(shifted).padStart(39, "0");
}
