export type { AbortEndpoint } from "./abort-run.ts";
export { type ApifyOptions, createApify } from "./apify.ts";
export {
  fetchTransport,
  type Transport,
  type TransportAnswer,
  type TransportRequest,
} from "./http/transport.ts";
export { readOnly } from "./read-only.ts";
