import { MOST_NAME, printableAll } from "../../policy/index.ts";
import { NOTICE_VERSION, type Notice, type Tampering } from "../model/notice.ts";
import { commandLine, type Place } from "./place.ts";
import { utc } from "./words.ts";

/** Of an entry that was changed or removed: which, what it was, and how to find out what else was. */
export function tamperingNotice(tampering: Tampering, place: Place): Notice {
  // Whoever could change the entry could write anything.
  const { id, change, at, chain, sequence, was, hashNow } = printableAll(tampering, MOST_NAME);
  const { account, stack } = place;
  const line = commandLine("watchdog audit verify", place);
  const about = `entry ${sequence} of ${chain} was ${change}`;
  const before = [was.kind, was.entryId && `entry ${was.entryId}`, was.hash && `hash ${was.hash}`];
  return {
    version: NOTICE_VERSION,
    id: `tampering-${id}`,
    kind: "audit.tampered",
    at,
    account,
    ...(stack !== undefined && { stack }),
    word: "TAMPERED",
    title: `TAMPERED: ${about}`,
    text: "the watchdog never changes or removes an entry of its audit, so somebody else did",
    facts: [
      { name: "Was", value: before.filter(Boolean).join(", ") || "not readable" },
      ...(hashNow === undefined ? [] : [{ name: "Is now", value: `hash ${hashNow}` }]),
      { name: "Seen", value: utc(at) },
      {
        name: "Next",
        value: "look in CloudTrail for who wrote to the table, and restore it from a backup",
      },
      { name: "More", value: line },
      { name: "Account", value: account },
    ],
    command: line,
  };
}
