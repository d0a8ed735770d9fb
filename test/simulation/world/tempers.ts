import type { Climate } from "../process/weather.ts";

/** How rough a world is; shares are of ticks, but for those of the climate, which are of single calls. */
export type Temper = Climate & {
  readonly name: string;
  /** Ticks whose process dies at some call. */
  readonly deaths: number;
  /** Worlds in which some ticks' processes stand still for a while. */
  readonly freezes: number;
  /** Worlds in which some clocks are minutes off, or set meanwhile. */
  readonly badClocks: number;
  /** Worlds in which the state table, or the control item, is put back as it was. */
  readonly restores: number;
  /** Ticks that one or two others overlap. */
  readonly twins: number;
  /** Ticks after which some are missing. */
  readonly gaps: number;
  /** Ticks that are told to stop before their time. */
  readonly early: number;
  /** At most so many windows in which Apify fails. */
  readonly faults: number;
};

const FAIR: Temper = {
  name: "fair",
  deaths: 0,
  freezes: 0,
  badClocks: 0,
  restores: 0,
  twins: 0,
  gaps: 0,
  early: 0,
  faults: 0,
  storeFails: 0,
  storeSlow: 0,
  storeRefuses: 0,
  networkFails: 0,
  networkSlow: 0,
};

/** Some are fair, so that what should work can be seen to work. */
export const TEMPERS: readonly Temper[] = [
  FAIR,
  {
    ...FAIR,
    name: "crowded",
    freezes: 0.5,
    badClocks: 0.4,
    restores: 0.15,
    twins: 0.5,
    gaps: 0.02,
    faults: 3,
    storeSlow: 0.01,
    storeRefuses: 0.002,
    networkSlow: 0.02,
  },
  {
    name: "faulty",
    deaths: 0.1,
    freezes: 0.5,
    badClocks: 0.4,
    restores: 0.15,
    twins: 0.2,
    gaps: 0.02,
    early: 0.05,
    faults: 8,
    storeFails: 0.005,
    storeSlow: 0.005,
    storeRefuses: 0.01,
    networkFails: 0.01,
    networkSlow: 0.01,
  },
  {
    name: "slow",
    deaths: 0.05,
    freezes: 0.5,
    badClocks: 0.4,
    restores: 0.15,
    twins: 0.9,
    gaps: 0,
    early: 0.02,
    faults: 2,
    storeFails: 0.003,
    storeSlow: 0.03,
    storeRefuses: 0.005,
    networkFails: 0.01,
    networkSlow: 0.08,
  },
  {
    name: "deadly",
    deaths: 0.4,
    freezes: 0.5,
    badClocks: 0.4,
    restores: 0.15,
    twins: 0.3,
    gaps: 0.05,
    early: 0.1,
    faults: 3,
    storeFails: 0.01,
    storeSlow: 0,
    storeRefuses: 0.01,
    networkFails: 0.02,
    networkSlow: 0.05,
  },
];
