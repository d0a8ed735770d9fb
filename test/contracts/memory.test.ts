import { describeAuditStore } from "./audit-store.contract.ts";
import { memoryBackend } from "./backends.ts";
import { describeStateStore } from "./state-store.contract.ts";

describeStateStore("memory", memoryBackend, { runs: 200 });
describeAuditStore("memory", memoryBackend, { runs: 200 });
