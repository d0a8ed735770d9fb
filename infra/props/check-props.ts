import { Token } from "aws-cdk-lib";
import { isSafeUrl, SAFE_URL } from "../../functions/contract.ts";
import { CAP_NAMES, nearest } from "../../src/policy/index.ts";
import type { AlarmName } from "../alarm-props.ts";
import type { RunWatchdogProps } from "../run-watchdog-props.ts";
import { checkNotices } from "./check-notices.ts";
import { checkSecs, isKnown, onlyOne, secsOf } from "./check-prop.ts";
import { checkSchedule } from "./check-schedule.ts";

const SHORTEST_TIMEOUT_SECS = 15;
const LONGEST_SECS = 300;

/** Lambda's own bounds, in MB. */
const [LEAST_MEMORY, MOST_MEMORY] = [128, 10_240];

/** Every prop there is. */
const PROPS: Readonly<Record<keyof RunWatchdogProps, true>> = {
  apifyTokenSecret: true,
  apifyTokenParameter: true,
  account: true,
  schedule: true,
  maxUsdPerRun: true,
  maxRunTime: true,
  maxUsdPerDay: true,
  maxUsdPerMonth: true,
  mode: true,
  allowWeaker: true,
  policy: true,
  stopEmail: true,
  stopTopic: true,
  eventBus: true,
  slackSecret: true,
  slackParameter: true,
  webhookSecret: true,
  webhookParameter: true,
  mailKinds: true,
  eventKinds: true,
  slackKinds: true,
  webhookKinds: true,
  bundleFor: true,
  digest: true,
  alarmActions: true,
  withoutAlarms: true,
  stateTable: true,
  auditTable: true,
  checkpointLog: true,
  deployers: true,
  apifyApiUrl: true,
  abortEndpoint: true,
  encryptionKey: true,
  tracing: true,
  memorySize: true,
  timeout: true,
  maxWait: true,
  allowHolds: true,
  logRetention: true,
  removalPolicy: true,
};

/** Throws at the first prop that can't be used. What a policy may say, `policyVariable` checks. */
export function checkProps(props: RunWatchdogProps): void {
  checkNames(props);
  const { apifyTokenSecret, apifyTokenParameter, policy, schedule } = props;
  onlyOne({ apifyTokenSecret, apifyTokenParameter });
  for (const name of [...CAP_NAMES, "mode"] as const) onlyOne({ policy, [name]: props[name] });
  checkMode(props);
  checkThresholds(props);
  checkTexts(props);
  checkDeployers(props);
  checkTimes(props);
  checkMemory(props);
  checkNotices(props);
  checkSchedule(schedule);
  checkAlarmNames(props.withoutAlarms);
}

/** Not every app is checked by a compiler, and a threshold with a slip in its name would limit nothing. */
function checkNames(props: RunWatchdogProps): void {
  const names = Object.keys(PROPS);
  const unknown = Object.keys(props).find((name) => !Object.hasOwn(PROPS, name));
  if (unknown === undefined) return;
  const guess = nearest(unknown, names);
  throw new Error(
    `there is no prop "${unknown}": ${guess ? `did you mean ${guess}? Props are` : "use one of"} ${names.join(", ")}`,
  );
}

const SOME_CAP = `${CAP_NAMES.slice(0, -1).join(", ")} or ${CAP_NAMES.at(-1)}`;

function checkMode(props: RunWatchdogProps): void {
  const { mode, allowWeaker } = props;
  if (allowWeaker !== undefined && !(Number.isSafeInteger(allowWeaker) && allowWeaker > 0)) {
    throw new Error(`allowWeaker must be the number of a policy version, for example 3, got ${allowWeaker}`);
  }
  if (mode !== undefined && CAP_NAMES.every((name) => props[name] === undefined)) {
    throw new Error(`got mode "${mode}" without ${SOME_CAP}: it says what to do about these`);
  }
}

function checkThresholds(props: RunWatchdogProps): void {
  const { maxRunTime } = props;
  const unknown = CAP_NAMES.find(
    (name) => Token.isUnresolved(props[name]) || (name === "maxRunTime" && maxRunTime?.isUnresolved()),
  );
  if (unknown !== undefined) {
    throw new Error(
      `${unknown} is checked before the deployment, got a value that only the deployment knows: write it out`,
    );
  }
  if (maxRunTime === undefined) return;
  const secs = secsOf(maxRunTime);
  if (!(Number.isInteger(secs) && secs >= 1)) {
    throw new Error(`maxRunTime must be whole seconds, at least one, got ${secs} seconds`);
  }
}

/** A name that is none would leave nobody who may deploy. */
const ROLE = /^arn:[\w*-]+:(iam|sts):[\w*-]*:[\d*]+:[\w+=,.@/*-]+$/;

function checkDeployers({ deployers = [] }: RunWatchdogProps): void {
  const wrong = deployers.find((each) => isKnown(each) && !ROLE.test(each));
  if (wrong === undefined) return;
  throw new Error(
    `deployers must be ARNs of roles, for example arn:aws:iam::123456789012:role/cdk-*-cfn-exec-role-*, got ${JSON.stringify(wrong)}`,
  );
}

function checkTexts({ account, stopEmail, apifyApiUrl, abortEndpoint }: RunWatchdogProps): void {
  if (isKnown(account) && !/^[\w.-]{1,64}$/.test(account)) {
    throw new Error(
      `account must be up to 64 letters, digits, dots, dashes or underscores, got ${JSON.stringify(account)}`,
    );
  }
  if (isKnown(stopEmail) && !/^[^\s@]+@[^\s@]+$/.test(stopEmail)) {
    throw new Error(`stopEmail must be an e-mail address, got ${JSON.stringify(stopEmail)}`);
  }
  if (isKnown(apifyApiUrl) && !isSafeUrl(apifyApiUrl)) {
    throw new Error(`apifyApiUrl must be ${SAFE_URL}, got ${JSON.stringify(apifyApiUrl)}`);
  }
  if (isKnown(abortEndpoint) && !["actor-runs", "acts"].includes(abortEndpoint)) {
    throw new Error(`abortEndpoint must be actor-runs or acts, got ${JSON.stringify(abortEndpoint)}`);
  }
}

function checkTimes({ timeout, maxWait }: RunWatchdogProps): void {
  checkSecs("timeout", timeout, { least: SHORTEST_TIMEOUT_SECS, most: LONGEST_SECS });
  checkSecs("maxWait", maxWait, { least: 0, most: LONGEST_SECS });
}

function checkMemory({ memorySize }: RunWatchdogProps): void {
  if (memorySize === undefined || Token.isUnresolved(memorySize)) return;
  if (!(Number.isInteger(memorySize) && memorySize >= LEAST_MEMORY && memorySize <= MOST_MEMORY)) {
    throw new Error(`memorySize must be from ${LEAST_MEMORY} to ${MOST_MEMORY} whole MB, got ${memorySize}`);
  }
}

/** Every alarm there is. */
const ALARMS: Readonly<Record<AlarmName, true>> = {
  "no-complete-tick": true,
  attention: true,
  errors: true,
  throttles: true,
  undelivered: true,
  "late-notices": true,
  "waiting-notices": true,
  tampering: true,
};

function checkAlarmNames(names: readonly string[] = []): void {
  const unknown = names.find((name) => !Object.hasOwn(ALARMS, name));
  if (unknown === undefined) return;
  const known = Object.keys(ALARMS);
  const guess = nearest(unknown, known);
  throw new Error(
    `withoutAlarms: there is no alarm "${unknown}": ${guess ? `did you mean ${guess}? Alarms are` : "use one of"} ${known.join(", ")}`,
  );
}
