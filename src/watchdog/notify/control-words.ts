import { against, type Changed } from "../audit/describe.ts";
import type { DrillChange } from "../audit/describe-drill.ts";
import type { Entry } from "../model/entry.ts";
import { subjectWords } from "../model/exemption.ts";
import type { Fact } from "../model/notice.ts";
import { holdWords } from "./hold-words.ts";
import { shellWord } from "./place.ts";
import { commandOf, fact, utc, type Words } from "./words.ts";

/** What an entry of the control plane says changed; what was stored may be anything. */
type Change = Changed & {
  readonly version?: number;
  readonly previousVersion?: number | null;
  readonly inForce?: number;
  readonly problem?: string;
};

/** Whose runs are stopped again when an exemption of such a subject ends. */
const WHOM: Readonly<Record<string, string>> = {
  run: "its rules stop it again",
  actor: "its rules stop its runs again",
  task: "its rules stop its runs again",
  rule: "it stops runs again",
};

/** Whose exemption: as sentences call it, and as a command line finds it. */
const subjectOf = ({ subject }: Changed): string => (subject ? subjectWords(subject) : "");
const optionOf = ({ subject }: Changed): string => {
  const under = subject?.ruleId === undefined ? "" : `--rule ${shellWord(subject.ruleId)} `;
  return `${under}--${subject?.kind ?? ""} ${shellWord(subject?.id ?? "")}`;
};

const untilFact = ({ until }: { readonly until?: string | undefined }): readonly Fact[] =>
  fact("Until", until === undefined ? undefined : utc(until));

const ceilingFact = ({ ceilingUsd }: Change): readonly Fact[] =>
  fact("Ceiling", ceilingUsd === undefined ? undefined : `${ceilingUsd} USD a run`);

/** Of an exemption that ends: whose it was, what happens next, and how to prolong it. */
function ending({ kind, by }: Entry, change: Change, stored: Change): Words {
  const { owner, reason, grantedFor, ceilingUsd } = change;
  const isEnding = kind === "exemption.ending";
  const ceiling = ceilingUsd === undefined ? "" : ` --ceiling ${ceilingUsd}`;
  return {
    about: subjectOf(change),
    facts: [
      ...fact("Exempt", subjectOf(change)),
      ...untilFact(change),
      ...ceilingFact(change),
      ...fact("Owner", owner),
      ...fact("Reason", (isEnding ? reason : grantedFor) ?? "not known"),
      ...fact("Ended", isEnding ? undefined : `by ${by}: ${reason}`),
      ...fact(
        "Next",
        `${isEnding ? "from then on" : "from now on"} ${change.subject?.ruleId ? "that rule stops its runs again" : (WHOM[change.subject?.kind ?? ""] ?? "its rules apply again")}`,
      ),
    ],
    command: {
      name: "To prolong",
      line: `watchdog exempt add ${optionOf(stored)} --until 24h${ceiling} --reason "…"`,
    },
  };
}

function granted({ by }: Entry, change: Change, stored: Change): Words {
  return {
    about: subjectOf(change),
    facts: [
      ...fact("Exempt", subjectOf(change)),
      ...untilFact(change),
      ...ceilingFact(change),
      ...fact("Owner", change.owner),
      ...fact("Reason", change.reason),
      ...fact("Granted", `by ${by}`),
      ...fact(
        "Next",
        change.subject?.ruleId === undefined
          ? "no rule stops it until then"
          : "that rule does not stop it until then; the others do",
      ),
    ],
    command: commandOf(`watchdog exempt end ${optionOf(stored)} --reason "…"`),
  };
}

const paused = ({ by }: Entry, { until, reason }: Change): Words => ({
  about: `nothing is stopped ${until === undefined ? "until somebody resumes" : `until ${utc(until)}`}`,
  facts: [
    ...fact("Paused", `by ${by}`),
    ...fact("Reason", reason),
    ...fact("Until", until === undefined ? "somebody resumes: this pause has no end of its own" : utc(until)),
    ...fact("Next", "no abort call leaves, forced ones included; runs are recorded and judged as before"),
  ],
  command: commandOf('watchdog resume --reason "…"'),
});

const resumed = ({ by }: Entry, { reason }: Change): Words => ({
  about: "runs are stopped again",
  facts: [
    ...fact("Resumed", `by ${by}`),
    ...fact("Reason", reason),
    ...fact("Next", "the next tick stops again what breaches"),
  ],
  command: commandOf("watchdog runs"),
});

const acknowledged = ({ by, entryId }: Entry, { attention, until, reason }: Change): Words => ({
  about: `${attention} until ${utc(until ?? "")}`,
  facts: [
    ...fact("Quieted", attention),
    ...untilFact({ until }),
    ...fact("By", by),
    ...fact("Reason", reason),
    ...fact("Next", "no alarm rings for it until then, unless it comes again; what was weakened stays so"),
  ],
  command: commandOf(`watchdog audit show ${entryId}`),
});

function pushed({ by }: Entry, { version, previousVersion, reason }: Change): Words {
  const isFirst = previousVersion === null || previousVersion === undefined;
  return {
    about: `version ${version} is in force`,
    facts: [
      ...fact("Pushed", `by ${by}`),
      ...fact("Reason", reason),
      ...fact("Before", isFirst ? "no policy" : `version ${previousVersion}`),
      ...fact("Next", "the next tick judges every run by it"),
    ],
    command: commandOf(
      isFirst ? "watchdog policy show" : `watchdog policy diff ${previousVersion} ${version}`,
    ),
  };
}

const fellBack = (_entry: Entry, { version, inForce, problem }: Change): Words => ({
  about: `policy version ${version} can't be used`,
  facts: [
    ...fact("Problem", problem),
    ...fact("In force", `version ${inForce}, until a version that can be used is pushed`),
  ],
  command: commandOf("watchdog policy list"),
});

/** Of an entry that no words are written for yet: who did it, and where all of it can be read. */
const other = ({ kind, by, entryId }: Entry): Words => ({
  about: kind,
  facts: fact("By", by),
  command: commandOf(`watchdog audit show ${entryId}`),
});

/** Of a drill: that it is one, before anything else. */
const drill = ({ ruleId, policyVersion, evidence, entryId }: Entry, change: DrillChange): Words => ({
  about: `${change.drillId}, no run was stopped`,
  facts: [
    ...fact(
      "Drill",
      `asked for by ${change.requestedBy}; this run does not exist, and Apify was asked nothing about it`,
    ),
    ...fact("Rule", ruleId === undefined ? undefined : `${ruleId}, of policy version ${policyVersion}`),
    ...fact("Made up", evidence && against(evidence)),
  ],
  command: commandOf(`watchdog audit show ${entryId}`),
});

const loop = (_entry: Entry, change: Change): Words => ({
  about: subjectOf(change),
  facts: [
    ...fact("Loop", `${subjectOf(change)}: ${change.reason}`),
    ...fact(
      "Next",
      "its runs are stopped again, within maxAborts, until they no longer start or are within their limits",
    ),
  ],
  command: commandOf("watchdog runs"),
});

const WORDS: Partial<Record<Entry["kind"], (entry: Entry, change: Change, stored: Change) => Words>> = {
  "policy.pushed": pushed,
  "policy.fell-back": fellBack,
  "control.paused": paused,
  "control.resumed": resumed,
  "exemption.granted": granted,
  "exemption.ending": ending,
  "exemption.ended": ending,
  "attention.acknowledged": acknowledged,
  "source.held": holdWords,
  "source.released": holdWords,
  "source.left": holdWords,
  "loop.begun": loop,
  "drill.begun": (entry) => drill(entry, (entry.change ?? {}) as DrillChange),
};

/**
 * Of the control plane: who changed what, what that does, and the command that takes it back. `stored`: the same entry, with
 * ids where `entry` has names.
 */
export const controlWords = (entry: Entry, stored: Entry): Words =>
  (WORDS[entry.kind] ?? other)(entry, (entry.change ?? {}) as Change, (stored.change ?? {}) as Change);
