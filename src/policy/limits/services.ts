/** What Apify bills a run for, as `usage` and `usageUsd` name it: those that it documents, and one that was seen. */
export const SERVICES = [
  "ACTOR_COMPUTE_UNITS",
  "DATASET_READS",
  "DATASET_WRITES",
  "KEY_VALUE_STORE_READS",
  "KEY_VALUE_STORE_WRITES",
  "KEY_VALUE_STORE_LISTS",
  "REQUEST_QUEUE_READS",
  "REQUEST_QUEUE_WRITES",
  "DATA_TRANSFER_INTERNAL_GBYTES",
  "DATA_TRANSFER_EXTERNAL_GBYTES",
  "PROXY_RESIDENTIAL_TRANSFER_GBYTES",
  "PROXY_SERPS",
  "PAID_ACTORS_PER_EVENT",
] as const;

/** Keys such as `usage.PROXY_SERPS`, of the services that are known; Apify adds some. */
export const serviceKeys = (prefix: string): readonly string[] =>
  SERVICES.map((service) => `${prefix}${service}`);

export const servicePattern = (prefix: string): RegExp =>
  new RegExp(`^${prefix.replace(".", "\\.")}[A-Z][A-Z0-9_]*$`);

export const serviceOf = (metric: string): string => metric.slice(metric.indexOf(".") + 1);

/** `dataset writes`. */
export const serviceWords = (metric: string): string => serviceOf(metric).toLowerCase().replaceAll("_", " ");
