/**
 * What runs the command line where a stack is deployed from: a checkout's own script, where this code runs as it is written;
 * else the package.
 */
export const RUNNER = import.meta.url.endsWith(".ts") ? "npm run watchdog --" : "npx apify-run-watchdog";
