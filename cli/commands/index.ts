import type { Command } from "../command.ts";
import { abort } from "./abort.ts";
import { auditList } from "./audit-list.ts";
import { auditShow } from "./audit-show.ts";
import { auditVerify } from "./audit-verify.ts";
import { backfill } from "./backfill.ts";
import { emulator } from "./emulator.ts";
import { exemptAdd } from "./exempt-add.ts";
import { exemptEnd } from "./exempt-end.ts";
import { exemptList } from "./exempt-list.ts";
import { explain } from "./explain.ts";
import { overshoot } from "./overshoot.ts";
import { pause } from "./pause.ts";
import { policyDiff } from "./policy-diff.ts";
import { policyList } from "./policy-list.ts";
import { policyPush } from "./policy-push.ts";
import { policyRollback } from "./policy-rollback.ts";
import { policySchema } from "./policy-schema.ts";
import { policyShow } from "./policy-show.ts";
import { policyTest } from "./policy-test.ts";
import { policyValidate } from "./policy-validate.ts";
import { resume } from "./resume.ts";
import { runs } from "./runs.ts";
import { scan } from "./scan.ts";
import { spend } from "./spend.ts";
import { undo } from "./undo.ts";

/** Every command there is. A new one is a file beside this and a line here. */
export const COMMANDS: readonly Command[] = [
  scan,
  runs,
  explain,
  spend,
  overshoot,
  abort,
  undo,
  pause,
  resume,
  exemptAdd,
  exemptList,
  exemptEnd,
  policyValidate,
  policyTest,
  policySchema,
  policyShow,
  policyList,
  policyDiff,
  policyPush,
  policyRollback,
  auditList,
  auditShow,
  auditVerify,
  backfill,
  emulator,
];
