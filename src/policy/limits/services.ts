/** What Apify bills a run for beside its events, as `usage` and `usageUsd` name it (API reference). */
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
] as const;

/** Keys such as `usage.PROXY_SERPS`, of the services that there are: any other would silently measure nothing. */
export const serviceKeys = (prefix: string): readonly string[] =>
  SERVICES.map((service) => `${prefix}${service}`);

export const servicePattern = (prefix: string): RegExp =>
  new RegExp(`^${prefix.replace(".", "\\.")}(${SERVICES.join("|")})$`);

export const serviceOf = (metric: string): string => metric.slice(metric.indexOf(".") + 1);

/** `dataset writes`. */
export const serviceWords = (metric: string): string => serviceOf(metric).toLowerCase().replaceAll("_", " ");
