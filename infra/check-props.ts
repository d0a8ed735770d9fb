import { Token } from "aws-cdk-lib";
import type { RunWatchdogProps } from "./run-watchdog-props.ts";

const SHORTEST_TIMEOUT_SECS = 15;
const LONGEST_TIMEOUT_SECS = 60;

/** Throws at the first prop that can't be used. */
export function checkProps(props: RunWatchdogProps): void {
  const { apifyTokenSecret, apifyTokenParameter, stopEmail, stopTopic, policy } = props;
  onlyOne({ apifyTokenSecret, apifyTokenParameter });
  onlyOne({ stopEmail, stopTopic });
  for (const name of ["maxUsdPerRun", "maxRunTime", "mode"] as const)
    onlyOne({ policy, [name]: props[name] });
  checkMode(props);
  checkThresholds(props);
  checkTexts(props);
  checkTimeout(props);
}

function onlyOne(props: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(props).filter((name) => props[name] !== undefined);
  if (given.length > 1) throw new Error(`got both ${given.join(" and ")}: give one of them`);
}

function checkMode({ mode, maxUsdPerRun, maxRunTime }: RunWatchdogProps): void {
  if (mode !== undefined && maxUsdPerRun === undefined && maxRunTime === undefined) {
    throw new Error(`got mode "${mode}" without maxUsdPerRun or maxRunTime: it says what to do about these`);
  }
}

function checkThresholds({ maxUsdPerRun, maxRunTime }: RunWatchdogProps): void {
  if (maxUsdPerRun !== undefined && !(maxUsdPerRun > 0 && Number.isFinite(maxUsdPerRun))) {
    throw new Error(`maxUsdPerRun must be an amount in USD above 0, got ${maxUsdPerRun}`);
  }
  if (maxRunTime !== undefined && !(maxRunTime.toSeconds({ integral: false }) >= 1)) {
    throw new Error(`maxRunTime must be at least a second, got ${maxRunTime.toHumanString()}`);
  }
}

function checkTexts({ account, stopEmail, apifyApiUrl }: RunWatchdogProps): void {
  if (isKnown(account) && !/^[\w.-]{1,64}$/.test(account)) {
    throw new Error(
      `account must be up to 64 letters, digits, dots, dashes or underscores, got ${JSON.stringify(account)}`,
    );
  }
  if (isKnown(stopEmail) && !/^[^\s@]+@[^\s@]+$/.test(stopEmail)) {
    throw new Error(`stopEmail must be an e-mail address, got ${JSON.stringify(stopEmail)}`);
  }
  if (isKnown(apifyApiUrl) && !(URL.canParse(apifyApiUrl) && /^https?:/.test(apifyApiUrl))) {
    throw new Error(
      `apifyApiUrl must be a URL such as https://api.apify.com, got ${JSON.stringify(apifyApiUrl)}`,
    );
  }
}

/** Given, and not a value that only the deployment knows. */
const isKnown = (text: string | undefined): text is string => text !== undefined && !Token.isUnresolved(text);

function checkTimeout({ timeout }: RunWatchdogProps): void {
  if (timeout === undefined) return;
  const secs = timeout.toSeconds();
  if (secs < SHORTEST_TIMEOUT_SECS || secs > LONGEST_TIMEOUT_SECS) {
    throw new Error(
      `timeout must be from ${SHORTEST_TIMEOUT_SECS} to ${LONGEST_TIMEOUT_SECS} seconds, got ${secs}`,
    );
  }
}
