import type { AuditRecord, Tampering } from "../../../watchdog/model/notice.ts";
import { chainOf } from "../table.ts";

/** What Lambda hands over of a record of a table's stream; its numbers are texts, and its times are in seconds. */
export type StreamRecord = {
  readonly eventName?: string | undefined;
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        readonly ApproximateCreationDateTime?: number | undefined;
        readonly Keys?: Image | undefined;
        readonly NewImage?: Image | undefined;
        readonly OldImage?: Image | undefined;
      }
    | undefined;
};
type Image = {
  readonly [name: string]: { readonly S?: string | undefined; readonly N?: string | undefined };
};

const textIn = (image: Image | undefined, name: string): string | undefined => image?.[name]?.S;

/** What DynamoDB calls the two ways to change what is there. */
const CHANGES: Readonly<Record<string, Tampering["change"]>> = { MODIFY: "changed", REMOVE: "removed" };

function tamperingIn(
  record: NonNullable<StreamRecord["dynamodb"]>,
  change: Tampering["change"],
  account: string,
) {
  const { SequenceNumber = "", ApproximateCreationDateTime = 0, Keys, NewImage, OldImage } = record;
  const [entryId, kind, hash, hashNow] = [
    textIn(OldImage, "entryId"),
    textIn(OldImage, "kind"),
    textIn(OldImage, "hash"),
    textIn(NewImage, "hash"),
  ];
  return {
    id: SequenceNumber,
    change,
    at: new Date(ApproximateCreationDateTime * 1_000).toISOString(),
    chain: chainOf(account, textIn(Keys, "pk") ?? ""),
    sequence: Number(Keys?.sk?.N),
    was: {
      ...(entryId !== undefined && { entryId }),
      ...(kind !== undefined && { kind }),
      ...(hash !== undefined && { hash }),
    },
    ...(hashNow !== undefined && { hashNow }),
  };
}

/** A record of the audit table's stream: a new entry, one that was changed or removed, or nothing that can be told. */
export function auditRecordOf({ eventName, dynamodb = {} }: StreamRecord, account: string): AuditRecord {
  const place = `${textIn(dynamodb.Keys, "pk")} ${dynamodb.Keys?.sk?.N}, record ${dynamodb.SequenceNumber}`;
  const change = CHANGES[eventName ?? ""];
  if (change) return { kind: "tampering", tampering: tamperingIn(dynamodb, change, account) };
  const text = textIn(dynamodb.NewImage, "text");
  if (eventName === "INSERT" && text !== undefined) return { kind: "entry", text, place };
  return { kind: "unreadable", place, why: `a record ${eventName} without the text of an entry` };
}
