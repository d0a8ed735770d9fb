import { ROUTED_KINDS, unknownPattern } from "../../functions/notifier-contract.ts";
import type { NoticeProps } from "../notice-props.ts";
import { checkSecs, onlyOne } from "./check-prop.ts";

/** What says which kinds a channel takes, and what makes that channel. */
const KINDS = [
  { kinds: "mailKinds", by: ["stopEmail", "stopTopic"] },
  { kinds: "eventKinds", by: ["eventBus"] },
  { kinds: "slackKinds", by: ["slackSecret", "slackParameter"] },
  { kinds: "webhookKinds", by: ["webhookSecret", "webhookParameter"] },
] as const satisfies readonly { kinds: keyof NoticeProps; by: readonly (keyof NoticeProps)[] }[];

/** The longest that Lambda collects records of a stream for. */
const LONGEST_BUNDLE_SECS = 300;

/** Throws at the first prop of notices that can't be used. */
export function checkNotices(props: NoticeProps): void {
  const { stopEmail, stopTopic, slackSecret, slackParameter, webhookSecret, webhookParameter, digest } =
    props;
  onlyOne({ stopEmail, stopTopic });
  onlyOne({ slackSecret, slackParameter });
  onlyOne({ webhookSecret, webhookParameter });
  for (const { kinds, by } of KINDS) checkKinds(props, kinds, by);
  checkSecs("bundleFor", props.bundleFor, { least: 0, most: LONGEST_BUNDLE_SECS });
  const channels = KINDS.flatMap(({ by }) => by);
  if (digest !== undefined && channels.every((name) => props[name] === undefined)) {
    throw new Error(
      `got digest "${digest}" without anybody to send it to: give one of ${channels.join(", ")}`,
    );
  }
}

function checkKinds(
  props: NoticeProps,
  name: (typeof KINDS)[number]["kinds"],
  by: readonly (keyof NoticeProps)[],
): void {
  const kinds = props[name];
  if (kinds === undefined) return;
  if (by.every((channel) => props[channel] === undefined))
    throw new Error(`got ${name} without ${by.join(" or ")}: it says which kinds go there`);
  const unknown = kinds.length === 0 ? "" : unknownPattern(kinds);
  if (unknown !== undefined) {
    throw new Error(
      `${name} must be some of ${ROUTED_KINDS.join(", ")}, a family, for example "abort.*", or "*"; got "${unknown}"`,
    );
  }
}
