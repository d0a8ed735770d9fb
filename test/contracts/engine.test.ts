import { engineMissing } from "../support/engines/engine.ts";
import { describeAuditStore } from "./audit/audit-store.contract.ts";
import { engineBackend } from "./backends.ts";
import { describeStateStore } from "./state/state-store.contract.ts";

const name = `embedded DynamoDB${engineMissing ? ` (${engineMissing})` : ""}`;
const skip = engineMissing !== undefined;

describeStateStore(name, engineBackend, { skip });
describeAuditStore(name, engineBackend, { skip });
