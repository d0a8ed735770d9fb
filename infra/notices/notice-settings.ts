import { adoptBus, adoptParameter, adoptSecret } from "../adopted.ts";
import { durationOf, listOf, oneOf, type Setting } from "../props/setting.ts";

/** The settings of notices. */
export const NOTICE_SETTINGS: Readonly<Record<string, Setting>> = {
  stopEmail: (stopEmail) => ({ stopEmail }),
  eventBus: (text, scope) => ({ eventBus: adoptBus(scope, "EventBus", { setting: "eventBus", text }) }),
  slackSecret: (text, scope) => ({
    slackSecret: adoptSecret(scope, "SlackSecret", { setting: "slackSecret", text }),
  }),
  slackParameter: (text, scope) => ({
    slackParameter: adoptParameter(scope, "SlackParameter", { setting: "slackParameter", text }),
  }),
  webhookSecret: (text, scope) => ({
    webhookSecret: adoptSecret(scope, "WebhookSecret", { setting: "webhookSecret", text }),
  }),
  webhookParameter: (text, scope) => ({
    webhookParameter: adoptParameter(scope, "WebhookParameter", { setting: "webhookParameter", text }),
  }),
  mailKinds: (text) => ({ mailKinds: listOf(text) }),
  eventKinds: (text) => ({ eventKinds: listOf(text) }),
  slackKinds: (text) => ({ slackKinds: listOf(text) }),
  webhookKinds: (text) => ({ webhookKinds: listOf(text) }),
  bundleFor: (text) => ({ bundleFor: durationOf("bundleFor", text) }),
  digest: (text) => ({ digest: oneOf("digest", text, ["daily", "weekly"]) }),
};
