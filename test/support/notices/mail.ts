import { mailOf } from "../../../src/adapters/notify/mail.ts";
import type { Entry } from "../../../src/watchdog/model/entry.ts";
import { noticeOf } from "../../../src/watchdog/notify/notice-of.ts";

/** What people get by mail of one entry, where no name is known and no stack. */
export const mailOfEntry = (entry: Entry) =>
  mailOf([noticeOf(entry, () => undefined, { account: entry.account })]);
