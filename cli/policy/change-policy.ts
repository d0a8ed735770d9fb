import { formatPath, type Policy, parsePolicy, warningsOf } from "../../src/policy/index.ts";
import {
  type PolicyPlan,
  type Preview,
  planPolicy,
  previewPolicy,
} from "../../src/watchdog/explain/plan-policy.ts";
import { pushBehind } from "../../src/watchdog/policies/policies.ts";
import { describeChange } from "../../src/watchdog/policies/policy-diff.ts";
import { armedIn, weakerIn } from "../../src/watchdog/policies/weaker.ts";
import { openPass } from "../../src/watchdog/tick/open.ts";
import type { Connection, Invocation } from "../command.ts";
import { confirmed } from "../confirm.ts";
import { affectedActors, changeLines, previewLines } from "../lines/policy/policy-lines.ts";
import { promotionLines, promotionTold } from "../lines/policy/promotion-lines.ts";
import { surveyLines } from "../lines/policy/survey-lines.ts";
import { wrapped } from "../show/terminal.ts";
import { count, sentence } from "../show/words.ts";
import { quiet } from "../target/local-ports.ts";
import { actorNames } from "../target/names.ts";
import { copyOf } from "../target/twin.ts";
import { holdsSome, letGoOf } from "./hold-notes.ts";
import { readPromotion } from "./read-promotion.ts";

/** The longest that Apify is asked for a preview: it is a comfort, and a push may be urgent. */
export const PATIENCE_MS = 20_000;

/** What speaks for or against putting a policy in force. */
export type Gate = {
  readonly lines: readonly string[];
  /** Why it is not put in force; absent where nothing speaks against it. */
  readonly why?: string;
  /** The same for programs. */
  readonly told: object;
};

/** A document to put in force, and why. */
type Wish = {
  readonly document: unknown;
  /** Asked before anything else is looked at. */
  readonly gate?: ((policy: Policy) => Promise<Gate>) | undefined;
  readonly reason?: string | undefined;
  readonly rolledBackTo?: number;
};

/** What of a policy is mostly regretted, so that a person has to say that it is meant. */
const regretted = (document: unknown): readonly string[] =>
  warningsOf(parsePolicy(document)).flatMap(({ kind, path, warning }) =>
    kind === "ask" ? [`${formatPath(path)}: ${warning}`] : [],
  );

/** What a new policy stops that the one in force only observes, and what it no longer guards. */
function changesOf({ inForce }: PolicyPlan, document: unknown): readonly string[] {
  if (inForce === undefined) return [];
  const { version, policy } = inForce;
  const after = parsePolicy(document);
  const armed = armedIn(policy, after).join(", ");
  return [
    ...weakerIn(policy, after).map((each) => `It guards less than version ${version}: ${each}.`),
    ...(armed ? [`It stops what these rules did not stop so far: ${armed}.`] : []),
  ];
}

const stopsNow = (made: Preview): readonly string[] => {
  const stops = made.kind === "made" ? made.effect.stops.length : 0;
  return stops > 0 ? [`The next tick would stop ${count(stops, "live run")} by it.`] : [];
};

async function preview(
  { signal, terminal }: Invocation,
  { ports, hasApify }: Connection,
  document: unknown,
  plan: PolicyPlan,
): Promise<Preview> {
  terminal.progress("looking at the live runs");
  const endsBy = new Date(ports.clock.now().getTime() + PATIENCE_MS);
  const options = { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]), endsBy };
  const copy = hasApify ? { ...(await copyOf(ports)), log: quiet } : undefined;
  const made = await previewPolicy(ports, document, plan, copy && (() => openPass(copy, options)));
  terminal.progress(undefined);
  return made;
}

const against = ({ seen, inForce, problem }: PolicyPlan): string | readonly string[] => {
  if (seen === undefined) return "The first policy. What it has:";
  if (inForce === undefined) return [sentence(problem ?? ""), "What the new one has:"];
  const { version, fellBack } = inForce;
  const why = fellBack ? `, for version ${fellBack.version} can't be used (${fellBack.problem})` : "";
  return `Against version ${version}, in force${why}:`;
};

const inWords = (mode: string): string =>
  mode === "enforce"
    ? "Mode enforce: from the next tick on, what breaches is stopped."
    : "Mode observe: rules without a mode of their own only record what they would stop.";

/**
 * Puts a document in force: shows what differs and what it would do about the live runs now, then moves the pointer, unless
 * somebody has moved it since. Returns the exit code.
 */
export async function changePolicy(invocation: Invocation, wish: Wish): Promise<number> {
  const { args, terminal, paint, answer } = invocation;
  const { document, reason, rolledBackTo } = wish;
  const asJson = args.flag("json");
  const say = (line: string | readonly string[]): void => {
    if (!asJson) terminal.out(line);
  };
  const connection = await invocation.connect();
  const { ports } = connection;
  const plan = await planPolicy(ports, document);
  const { mode } = parsePolicy(document);
  const changes = plan.changes.map((change) => ({ ...change, text: describeChange(change) }));
  const facts: Record<string, unknown> = { mode, changes, inForce: plan.inForce?.version ?? null };
  const tell = (outcome: Readonly<Record<string, unknown>>): void => {
    if (asJson) answer({ ...outcome, ...facts });
  };
  // A version more that says the same would only hide when and why the policy was changed.
  if (plan.isInForce && !args.flag("dry-run")) {
    say(`Version ${plan.seen} is in force, and it is the same: nothing was changed.`);
    tell({ pushed: false, version: plan.seen });
    return 0;
  }
  const gate = await wish.gate?.(parsePolicy(document));
  if (gate) {
    facts.backtest = gate.told;
    for (const line of gate.lines) say(wrapped(line, terminal.columns));
    if (gate.why !== undefined) {
      terminal.err(`Nothing was changed: ${gate.why}.`);
      tell({ pushed: false, version: null });
      return 1;
    }
  }

  say(
    plan.changes.length > 0 ? against(plan) : `It is the same as version ${plan.inForce?.version}, in force.`,
  );
  for (const line of changeLines(plan.changes, paint)) say(line);
  const made = await preview(invocation, connection, document, plan);
  const promotion = await readPromotion(invocation, connection, plan.inForce, parsePolicy(document));
  if (!asJson) {
    const actors = affectedActors(made);
    const nameOf = await actorNames(connection, actors, invocation.signal);
    const { pasteable } = invocation;
    const look = { columns: terminal.columns, paint, now: ports.clock.now(), nameOf, pasteable };
    for (const line of previewLines(made, look)) say(line);
    if (made.kind === "made" && made.survey) for (const line of surveyLines(made.survey, look)) say(line);
    if (promotion) say(promotionLines(promotion, look));
    for (const line of holdsSome(document)) say(wrapped(line, terminal.columns));
  }
  const looked = { preview: made, promotion: promotionTold(promotion) };
  const asked = [
    ...(rolledBackTo === undefined ? regretted(document) : []),
    ...changesOf(plan, document),
    ...stopsNow(made),
    ...(await letGoOf(connection, document)),
  ];
  if (asked.length > 0 || args.flag("dry-run")) {
    const told = { pushed: false, version: null, ...facts, ...looked };
    const code = await confirmed(invocation, { plan: asked, question: "Put it in force", told });
    if (code !== undefined) return code;
  }

  const by = await connection.operator();
  const { seen } = plan;
  const version = await pushBehind(ports, {
    document,
    by,
    seen,
    ...(reason !== undefined && { reason }),
    ...(rolledBackTo !== undefined && { rolledBackTo }),
  });
  if (version === undefined) {
    const { policyVersion } = await ports.state.readControl();
    terminal.err(
      `Somebody pushed version ${policyVersion} meanwhile, so what was shown is no longer what would change: ` +
        "nothing was changed. Look at policy diff, then run this again.",
    );
    tell({ pushed: false, version: null, ...looked });
    return 1;
  }
  const back = rolledBackTo === undefined ? "" : `, with what version ${rolledBackTo} says`;
  say(
    `Version ${version} is in force (${seen ? `after ${seen}` : "the first one"})${back}, pushed by ${by}.`,
  );
  say(inWords(mode));
  const why = { by, reason: reason ?? null, rolledBackTo: rolledBackTo ?? null };
  tell({ pushed: true, version, previousVersion: seen ?? null, ...why, ...looked });
  return 0;
}
