import type { VNode } from "preact";
import { type Child, el } from "../../../page/el.ts";
import type { Page, Part } from "../../api.ts";
import { headlineOf } from "../headline.ts";
import { ask, type Line } from "../state.ts";
import { heldIn, type Status, type Target } from "../told.ts";
import { count } from "../words.ts";
import { icon } from "./icon.ts";

/** Whom it guards, in words. */
export const targetText = ({ kind, name, account, region, apifyUser }: Target): string =>
  [
    kind === "environment" ? `table ${name}` : `${kind} ${name}`,
    region,
    account === "default" ? undefined : `account ${account}`,
    apifyUser && `Apify user ${apifyUser}`,
  ]
    .filter(Boolean)
    .join(", ");

function policyText({ policyVersion, mode, rules }: Status): string {
  if (policyVersion === null) return "no policy";
  const some = [
    rules && rules.enforcing > 0 && `${count(rules.enforcing, "rule")} enforced`,
    rules && rules.observing > 0 && `${count(rules.observing, "rule")} observed`,
  ].filter(Boolean);
  return `policy version ${policyVersion}, ${mode}${some.length > 0 ? `: ${some.join(", ")}` : ""}`;
}

function acts(status: Status | undefined, { canAct }: Page): Child {
  if (!canAct) return el("span", { class: "small dim" }, "Read-only: start it with --act to act");
  if (status?.paused)
    return el("button", { type: "button", onClick: () => ask({ act: "resume" }) }, "Resume");
  return el("button", { type: "button", onClick: () => ask({ act: "pause" }) }, "Pause");
}

/** It stays at the top of the window: whether it is awake, what it does, and whether that is still heard. */
export function headerView(part: Part | undefined, line: Line, page: Page, now: Date): VNode {
  const { tone, word, says, tick } = headlineOf(part, line, now);
  const status = heldIn<Status>(part)?.value;
  return el(
    "header",
    { class: `top ${tone}` },
    el(
      "div",
      { class: "state" },
      icon(tone),
      el("h1", {}, el("span", { class: "unseen" }, "Watchdog: "), word),
      tick ? el("span", { class: "tick" }, tick) : undefined,
      el("span", { class: "grow" }),
      acts(status, page),
    ),
    // What is wrong stays in sight; what is as it should be scrolls away with the rest.
    tone === "bad" ? el("p", { class: "says" }, says) : undefined,
    // Read out when it changes; the seconds that pass are not.
    el("p", { class: "unseen", role: "status" }, word),
  );
}

/** What the state means, which watchdog it is, and by which policy it goes. */
export function aboutView(part: Part | undefined, line: Line, now: Date): VNode {
  const { tone, says } = headlineOf(part, line, now);
  const status = heldIn<Status>(part)?.value;
  const place = status?.target && `${targetText(status.target)}; `;
  return el(
    "div",
    { class: "about" },
    tone === "bad" ? undefined : el("p", {}, says),
    status ? el("p", { class: "small dim" }, place, policyText(status)) : undefined,
  );
}
