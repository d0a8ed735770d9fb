import { describeAuditStore } from "./audit/audit-store.contract.ts";
import { modelBackend } from "./backends.ts";
import { describeStateStore } from "./state/state-store.contract.ts";

describeStateStore("model of DynamoDB", modelBackend);
describeAuditStore("model of DynamoDB", modelBackend);
