import { nameAt, type User } from "../runs/actor.ts";

const FEATURES = [
  "ACTORS",
  "STORAGE",
  "SCHEDULER",
  "PROXY",
  "PROXY_EXTERNAL_ACCESS",
  "PROXY_RESIDENTIAL",
  "PROXY_SERPS",
  "WEBHOOKS",
  "ACTORS_PUBLIC_ALL",
  "ACTORS_PUBLIC_DEVELOPER",
] as const;

const ENABLED = {
  isEnabled: true,
  disabledReason: null,
  disabledReasonType: null,
  isTrial: false,
  trialExpirationAt: null,
};

/** `proxy.password` of the pretend user: Apify answers the real one, so clients must never log this body. */
const FAKE_PROXY_PASSWORD = "apify_proxy_FAKEnotASecret0123456789";

/** `GET /v2/users/me`. */
export function userView(user: User, maxMonthlyUsageUsd: number, nowMs: number) {
  const username = nameAt(user.username, nowMs);
  return {
    id: user.id,
    username,
    profile: { name: username, bio: null, pictureUrl: null, githubUsername: null },
    email: `${username}@example.com`,
    proxy: {
      password: FAKE_PROXY_PASSWORD,
      groups: [{ name: "RESIDENTIAL", description: "Residential proxies", availableCount: 1_000 }],
    },
    plan: {
      id: "SCALE",
      description: "A pretend plan",
      isEnabled: true,
      monthlyBasePriceUsd: 499,
      monthlyUsageCreditsUsd: 499,
      usageDiscountPercent: 0,
      enabledPlatformFeatures: FEATURES,
      maxMonthlyUsageUsd,
      maxActorMemoryGbytes: 256,
      dataRetentionDays: 31,
      availableProxyGroups: { RESIDENTIAL: 1_000, BUYPROXIES94952: 30 },
      tier: "SILVER",
      maxConcurrentActorRuns: 256,
      planPricing: {},
    },
    effectivePlatformFeatures: Object.fromEntries(FEATURES.map((feature) => [feature, ENABLED])),
    createdAt: "2024-02-01T10:00:00.000Z",
    isPaying: true,
  };
}
