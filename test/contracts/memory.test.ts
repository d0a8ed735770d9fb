import { describeAuditStore } from "./audit/audit-store.contract.ts";
import { memoryBackend } from "./backends.ts";
import { describeStateStore } from "./state/state-store.contract.ts";

describeStateStore("memory", memoryBackend, { runs: 200 });
describeAuditStore("memory", memoryBackend, { runs: 200 });
