import { describeAuditStore } from "./audit/audit-store.contract.ts";
import { urlBackend } from "./backends.ts";
import { describeStateStore } from "./state/state-store.contract.ts";

const url = process.env.DYNAMODB_LOCAL_URL;
const name = `DynamoDB Local${url ? "" : " (skipped: npm run test:dynamodb-local runs it)"}`;
const start = () => urlBackend(url ?? "");

describeStateStore(name, start, { skip: !url });
describeAuditStore(name, start, { skip: !url });
