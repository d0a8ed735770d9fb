import { parseArgs } from "node:util";
import { type Caps, nearest } from "../../src/policy/index.ts";
import { capsFromOptions } from "../options/threshold-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { CALLS } from "../package.ts";

export const START_HELP = `${CALLS.startWith} [options]

Watches Apify runs on this machine and stops those that breach the policy.
Without APIFY_TOKEN: a pretend Apify account with a day of believable runs, at
high speed; runs are really stopped there. With APIFY_TOKEN set: your account,
observed only. Nothing but reads can be sent there, whatever policy is pushed.

  --once               one tick; then wait until what it stopped has ended
                       (at most 60 s)
  --web                the console beside it, one page in your browser: prints
                       its address, and the pretend day goes by slowly enough
                       to look; with --act, the page may stop runs there
  --json               print the tick report alone on standard output, with
                       --once: npm start --silent -- --once --json
  --policy FILE        the policy to use (default: policy.yaml; where there is
                       none, the example that comes with the watchdog)
  --max-usd-per-run N  no policy file: abort a run that costs N USD
  --max-run-time T     no policy file: abort a run that takes longer than T,
                       for example 6h
  --max-usd-per-day N, --max-usd-per-month N
                       no policy file: abort all runs once they have cost N USD
                       together in a day, or a month
  --help               this text`;

export type StartOptions = {
  readonly once: boolean;
  readonly json: boolean;
  /** With the console. */
  readonly web: boolean;
  /** The console may act. */
  readonly act: boolean;
  readonly policy?: string;
  /** The thresholds, if there are any. */
  readonly caps?: Caps;
};

const flag = { type: "boolean", default: false } as const;
const text = { type: "string" } as const;
const OPTIONS = {
  help: flag,
  once: flag,
  json: flag,
  web: flag,
  act: flag,
  policy: text,
  "max-usd-per-run": text,
  "max-run-time": text,
  "max-usd-per-day": text,
  "max-usd-per-month": text,
} as const;

const MORE = `More: ${CALLS.startWith} --help`;

const wrong = (message: string): UsageError => new UsageError(`${message}\n${MORE}`);

/** The first option that there is none of, with what was probably meant. */
function unknownOption(args: readonly string[]): string | undefined {
  const known = Object.keys(OPTIONS);
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== "option" || known.includes(token.name)) continue;
    const guess = nearest(token.name, known);
    return `There is no option ${token.rawName}.${guess ? ` Did you mean --${guess}?` : ""}`;
  }
  return undefined;
}

function parsed(args: readonly string[]) {
  const unknown = unknownOption(args);
  if (unknown) throw wrong(unknown);
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (cause) {
    const { message } = cause as Error;
    const valueless = /^Option '(--[\w-]+)[^']*' argument (?:missing|is ambiguous)/.exec(message)?.[1];
    throw wrong(valueless ? `${valueless} was given without a value.` : message);
  }
}

/** What was asked for, checked. Throws `UsageError` where two options contradict each other. */
export function startOptionsFrom({
  once,
  json,
  web,
  act,
  policy,
  caps,
}: {
  readonly once: boolean;
  readonly json: boolean;
  readonly web: boolean;
  readonly act: boolean;
  readonly policy: string | undefined;
  readonly caps: Caps | undefined;
}): StartOptions {
  if (json && !once) throw new UsageError("--json prints one report: add --once.");
  if (web && once) throw new UsageError("--web goes on until Ctrl-C, and --once does not: use one of them.");
  if (act && !web) throw new UsageError("--act is of the console: add --web.");
  if (policy !== undefined && caps !== undefined) {
    throw new UsageError("--policy and --max-… are two ways to say the same: use one of them.");
  }
  return { once, json, web, act, ...(policy !== undefined && { policy }), ...(caps && { caps }) };
}

/** Reads what stands behind `npm start --`; `undefined`: the help is asked for. Throws `UsageError` with what was probably meant. */
export function parseStartOptions(args: readonly string[]): StartOptions | undefined {
  const values = parsed(args);
  for (const [name, value] of Object.entries(values)) {
    // Without a value it would be as if it were not there: another policy than asked for.
    if (typeof value === "string" && value.trim() === "") throw wrong(`--${name} was given without a value.`);
  }
  const { policy, help, once, json, web, act } = values;
  if (help) return undefined;
  const texts: Readonly<Record<string, unknown>> = values;
  return startOptionsFrom({
    once,
    json,
    web,
    act,
    policy,
    caps: capsFromOptions((option) => texts[option] as string | undefined),
  });
}
