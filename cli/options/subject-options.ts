import type { ExemptionSubject } from "../../src/policy/index.ts";
import { subjectWords } from "../../src/watchdog/model/exemption.ts";
import type { Args } from "./args.ts";
import { UsageError } from "./usage-error.ts";

const KINDS: readonly ExemptionSubject["kind"][] = ["run", "actor", "task", "rule"];

/** Whose exemption: one of these, or a rule's and another, of which it lifts that rule alone. */
export const SUBJECT_OPTIONS = {
  run: { value: "ID", about: "This run" },
  actor: { value: "ACTOR", about: "Every run of this Actor, by its id or username/name" },
  task: { value: "TASK", about: "Every run of this task, by its id or username/name" },
  rule: { value: "ID", about: "Whatever this rule would stop; beside --run, --actor or --task it alone" },
} as const satisfies Readonly<Record<ExemptionSubject["kind"], object>>;

/** The subject that the options name, an Actor or task perhaps by its name. */
export function subjectOf(args: Args): ExemptionSubject {
  const given = KINDS.flatMap((kind) => {
    const id = args.text(kind);
    return id === undefined ? [] : [{ kind, id }];
  });
  const rule = given.find(({ kind }) => kind === "rule");
  const [subject = rule, another] = given.filter((each) => each !== rule);
  const wanted = "give one of --run, --actor, --task and --rule; --rule may be added to one of the others";
  if (subject === undefined) throw new UsageError(`Exempt what? Nothing was named: ${wanted}.`);
  if (another) throw new UsageError(`--${subject.kind} and --${another.kind} were given: ${wanted}.`);
  return subject === rule || rule === undefined ? subject : { ...subject, ruleId: rule.id };
}

/** `actor acme/shop (nFJndFXA5zjCTuudP)`, or the same `(rule … alone)`. */
export const subjectText = (subject: ExemptionSubject, name?: string): string =>
  subjectWords(name ? { ...subject, id: `${name} (${subject.id})` } : subject);
