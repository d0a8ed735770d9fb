import {
  AUDIT_CHANGES,
  type Deployment,
  type Fact,
  type TableFacts,
} from "../../model/deployed/deployment.ts";
import { type Check, failed, firstWrong, judged, notKnown, passed } from "./check.ts";

/** Where a watchdog keeps what it knows and did. */
export type TableNames = { readonly stateTable: string; readonly auditTable: string };

const RESTORE =
  "restore it from a backup under this name, or deploy again (docs/deploying.md says how to adopt tables)";

function checkTable(id: string, name: string, fact: Fact<TableFacts | undefined>): Check {
  return judged(id, fact, (table) => {
    if (table === undefined)
      return failed(id, `there is no table ${name} in this account and region`, RESTORE);
    const { status, isDeletionProtected } = table;
    const protect = `aws dynamodb update-table --table-name ${name} --deletion-protection-enabled`;
    return firstWrong(
      id,
      [
        [status !== "ACTIVE", `${name} is ${status}`, "wait until it is ACTIVE, then run this again"],
        [!isDeletionProtected, `${name} can be deleted by mistake: its deletion protection is off`, protect],
      ],
      `${name} is there, and protected from deletion`,
    );
  });
}

function checkStream(fact: Fact<TableFacts | undefined>): Check {
  return judged("stream", fact, (audit) => {
    const shows = audit?.stream ?? "nothing";
    const fix =
      "deploy the stack again; of a table that you brought, turn its stream on with NEW_AND_OLD_IMAGES";
    if (shows === "NEW_AND_OLD_IMAGES")
      return passed("stream", "the audit's stream shows every new and old entry");
    return failed(
      "stream",
      `the audit's stream shows ${shows}, so nothing of it can be notified or watched`,
      fix,
    );
  });
}

async function checkRecovery(deployment: Deployment, tables: TableNames): Promise<Check> {
  const names = [tables.stateTable, tables.auditTable];
  const facts = await Promise.all(names.map((name) => deployment.hasRecovery(name)));
  const off = names.filter((_name, at) => {
    const fact = facts[at];
    return fact?.kind === "known" && !fact.value;
  });
  if (off.length > 0) {
    const fix = off.map(
      (name) =>
        `aws dynamodb update-continuous-backups --table-name ${name} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
    );
    return failed("backups", `point-in-time recovery is off for ${off.join(" and ")}`, fix.join("; "));
  }
  const open = facts.find(({ kind }) => kind === "unknown");
  if (open?.kind === "unknown") return notKnown("backups", open.why, open.fix);
  return passed("backups", "both tables can be restored to any second of the last 35 days");
}

type Statement = {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly Condition?: unknown;
};

const isEveryone = (principal: unknown): boolean =>
  principal === "*" ||
  (typeof principal === "object" && principal !== null && (principal as { AWS?: unknown }).AWS === "*");

/** As only a put outside of a transaction matches it. */
const LONE_PUTS = { StringNotEquals: { "dynamodb:EnclosingOperation": "TransactWriteItems" } };
const LONE_PUT = "dynamodb:PutItem";

const actionsOf = ({ Action = [] }: Statement): readonly string[] =>
  typeof Action === "string" ? [Action] : Action;

/** What of all that must be denied to everyone a table's policy leaves open; of `PutItem` those outside of a transaction. */
export function leftOpen(policy: string): readonly string[] {
  const { Statement: all = [] } = JSON.parse(policy) as { Statement?: Statement | readonly Statement[] };
  const denials = [all].flat().filter(({ Effect, Principal }) => Effect === "Deny" && isEveryone(Principal));
  const always = denials.filter(({ Condition }) => Condition === undefined).flatMap(actionsOf);
  const lone = denials
    .filter(({ Condition }) => JSON.stringify(Condition) === JSON.stringify(LONE_PUTS))
    .flatMap(actionsOf);
  return [
    ...AUDIT_CHANGES.filter((action) => !always.includes(action)),
    ...(lone.includes(LONE_PUT) ? [] : [LONE_PUT]),
  ];
}

async function checkPolicy(deployment: Deployment, audit: Fact<TableFacts | undefined>): Promise<Check> {
  const id = "audit-policy";
  if (audit.kind === "unknown") return notKnown(id, audit.why, audit.fix);
  if (audit.value === undefined) return notKnown(id, "there is no audit table", RESTORE);
  return judged(id, await deployment.tablePolicy(audit.value.arn), (policy) => {
    const open = policy === undefined ? undefined : leftOpen(policy);
    if (open?.length === 0)
      return passed(id, "the audit table denies to everyone what would change an entry");
    const says = open
      ? `the audit table's policy does not deny ${open.join(", ")} to everyone, so entries could be changed`
      : "no policy is attached to the audit table, so entries could be changed";
    const fix = "deploy the stack again; to a table that you brought attach the policy of docs/deploying.md";
    return failed(id, says, fix);
  });
}

/** Are the tables there, safe from deletion and loss, and the audit from changes? */
export async function* checkTables(deployment: Deployment, tables: TableNames): AsyncGenerator<Check> {
  const [state, audit] = await Promise.all([
    deployment.table(tables.stateTable),
    deployment.table(tables.auditTable),
  ]);
  yield checkTable("state-table", tables.stateTable, state);
  yield checkTable("audit-table", tables.auditTable, audit);
  yield checkStream(audit);
  yield await checkRecovery(deployment, tables);
  yield await checkPolicy(deployment, audit);
}
