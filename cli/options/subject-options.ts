import type { ExemptionSubject } from "../../src/policy/index.ts";
import type { Args } from "./args.ts";
import { UsageError } from "./usage-error.ts";

const KINDS: readonly ExemptionSubject["kind"][] = ["run", "actor", "task", "rule"];

/** Whose exemption: exactly one of these. */
export const SUBJECT_OPTIONS = {
  run: { value: "ID", about: "This run" },
  actor: { value: "ACTOR", about: "Every run of this Actor, by its id or username/name" },
  task: { value: "TASK", about: "Every run of this task, by its id or username/name" },
  rule: { value: "ID", about: "Whatever this rule would stop" },
} as const satisfies Readonly<Record<ExemptionSubject["kind"], object>>;

/** The subject that the options name, an Actor or task perhaps by its name. */
export function subjectOf(args: Args): ExemptionSubject {
  const given = KINDS.flatMap((kind) => {
    const id = args.text(kind);
    return id === undefined ? [] : [{ kind, id }];
  });
  const [subject, another] = given;
  const wanted = "exactly one of --run, --actor, --task and --rule is wanted";
  if (subject === undefined) throw new UsageError(`Exempt what? ${wanted}.`);
  if (another) throw new UsageError(`--${subject.kind} and --${another.kind} were given: ${wanted}.`);
  return subject;
}

/** `actor acme/shop (nFJndFXA5zjCTuudP)`. */
export const subjectText = ({ kind, id }: ExemptionSubject, name?: string): string =>
  `${kind} ${name ? `${name} (${id})` : id}`;
