import { type Exemption, formatUsd, toUsd } from "../../src/policy/index.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { type PolicySources, policyInForce } from "../../src/watchdog/policies/policy-in-force.ts";
import type { Command } from "../command.ts";
import { subjectText } from "../options/subject-options.ts";
import { type Column, table } from "../show/table.ts";
import { wrapped } from "../show/terminal.ts";
import { fromNow } from "../show/when.ts";
import { actorNames } from "../target/names.ts";

type NameOf = (id: string | undefined) => string;

function whom(each: Exemption, nameOf: NameOf): string {
  const { subject } = each;
  if (subject === undefined) return "every run";
  if (each.kind === "valid" && each.name !== undefined) return subjectText(subject, each.name);
  const name = subject.kind === "actor" ? nameOf(subject.id) : subject.id;
  return subjectText(subject, name === subject.id ? undefined : name);
}

const columns = (nameOf: NameOf, now: Date): readonly Column<Exemption>[] => [
  {
    title: "EXEMPT",
    cell: (each) => whom(each, nameOf),
    paint: (text, { kind }, paint) => (kind === "malformed" ? paint(["bold", "red"], text) : text),
  },
  { title: "UNTIL (UTC)", cell: (each) => (each.kind === "valid" ? minuteOf(each.until) : "unknown") },
  {
    title: "",
    cell: (each) => {
      if (each.kind === "malformed") return "";
      return now >= each.until ? "over" : fromNow(each.until, now);
    },
    paint: (text, _each, paint) => (text === "over" ? paint("dim", text) : text),
  },
  {
    title: "CEILING",
    align: "right",
    cell: (each) =>
      each.kind === "valid" && each.ceilingMicroUsd !== undefined ? formatUsd(each.ceilingMicroUsd) : "",
  },
  { title: "OWNER", cell: (each) => (each.kind === "valid" ? each.owner : "") },
  {
    title: "REASON",
    cell: (each) =>
      each.kind === "valid" ? each.reason : `CAN'T BE READ, so it protects without end: ${each.problem}`,
    paint: (text, { kind }, paint) => (kind === "malformed" ? paint(["bold", "red"], text) : text),
  },
];

/** The one rule that it lifts, if it does not lift all. */
const ruleOf = ({ subject }: Exemption): string | undefined =>
  subject?.kind === "rule" ? subject.id : subject?.ruleId;

const json = (each: Exemption, isGone: boolean, now: Date) =>
  each.kind === "malformed"
    ? { subject: each.subject ?? null, malformed: true, problem: each.problem }
    : {
        ruleGone: isGone,
        subject: each.subject,
        malformed: false,
        name: each.name ?? null,
        until: each.until.toISOString(),
        over: now >= each.until,
        ceilingUsd: each.ceilingMicroUsd === undefined ? null : toUsd(each.ceilingMicroUsd),
        owner: each.owner,
        reason: each.reason,
        grantedAt: each.grantedAt?.toISOString() ?? null,
        undoOf: each.undoOf ?? null,
      };

/** Is it of a rule that the policy in force does not have? A policy that can't be read leaves that open. */
async function goneIn(ports: PolicySources): Promise<(each: Exemption) => boolean> {
  const found = await policyInForce(ports, await ports.state.readControl()).catch(() => undefined);
  const rules = found && new Set(found.policy.rules.map(({ id }) => id));
  return (each) => {
    const ruleId = ruleOf(each);
    return each.kind === "valid" && ruleId !== undefined && rules !== undefined && !rules.has(ruleId);
  };
}

const endOf = (each: Exemption): number => (each.kind === "valid" ? each.until.getTime() : 0);

export const exemptList: Command = {
  name: "exempt list",
  about: "What is exempt, until when, why and for whom",
  pages: true,
  examples: [
    ["exempt list", "what ends first leads"],
    ["exempt list --json", "the same for a program"],
  ],
  notes:
    "One that can't be read protects its subject until it is ended or granted again: watchdog exempt end, with the same --run, --actor, --task or --rule. Where not even its subject can be read it protects every run: take its item out of the state table by hand.",
  async run({ args, terminal, paint, connect, signal }) {
    const connection = await connect();
    const { exemptions } = await connection.ports.state.readControl();
    const now = connection.ports.clock.now();
    const isGone = await goneIn(connection.ports);
    const sorted = exemptions.toSorted((a, b) => endOf(a) - endOf(b));
    if (args.flag("json")) {
      terminal.data(
        JSON.stringify(
          sorted.map((each) => json(each, isGone(each), now)),
          null,
          2,
        ),
      );
      return 0;
    }
    const shown = sorted.filter((each) => !isGone(each));
    if (shown.length === 0) terminal.out("Nothing is exempt.");
    const actors = shown.flatMap(({ subject }) => (subject?.kind === "actor" ? [subject.id] : []));
    const nameOf = await actorNames(connection, actors, signal);
    const look = { columns: terminal.columns, paint };
    for (const line of shown.length > 0 ? table(shown, columns(nameOf, now), look) : []) terminal.out(line);
    const gone = [...new Set(sorted.flatMap((each) => (isGone(each) ? (ruleOf(each) ?? []) : [])))];
    if (gone.length > 0) {
      const note = `Left out, for the policy in force has no such rule: ${gone.join(", ")}.`;
      terminal.out(wrapped(note, terminal.columns, (line) => paint("dim", line)));
    }
    return 0;
  },
};
