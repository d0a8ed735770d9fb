import type { Random } from "../random.ts";

/** When a rule or a step applies, as a person would write it. */
export type Schedule = {
  readonly days?: readonly string[];
  readonly hours: readonly string[];
  readonly timeZone?: string;
};

type Timed = {
  readonly timeZone?: string;
  readonly rules: readonly {
    readonly schedule?: Schedule;
    readonly steps: readonly { readonly schedule?: Schedule }[];
  }[];
};

/** Where the clock on the wall stands, in minutes ahead of UTC, on the first of September 2026, a Tuesday. */
const ZONES: Readonly<Record<string, number>> = {
  UTC: 0,
  "Europe/Prague": 120,
  "Asia/Kolkata": 330,
  // There it is midnight when the worlds begin, and nearly so when they end.
  "America/Anchorage": -480,
  "Pacific/Kiritimati": 840,
};
const BEGIN_MINUTE = 8 * 60;
const DAY = 24 * 60;
const WEEK = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const TUESDAY = 2;

/** When, in ms from the world's start, the windows of a policy open and shut on its first day. */
export function turnsIn({ timeZone = "UTC", rules }: Timed): readonly number[] {
  const schedules = rules.flatMap(({ schedule, steps }) => [schedule, ...steps.map((step) => step.schedule)]);
  return schedules.flatMap((schedule) =>
    (schedule?.hours ?? []).flatMap((span) =>
      span.split("-").map((time) => {
        const [hour = 0, minute = 0] = time.split(":").map(Number);
        const ahead = ZONES[schedule?.timeZone ?? timeZone] ?? 0;
        return ((((60 * hour + minute - ahead - BEGIN_MINUTE) % DAY) + DAY) % DAY) * 60_000;
      }),
    ),
  );
}

export const zone = (random: Random): string => random.pick(Object.keys(ZONES));

const clock = (minute: number): string => {
  const ofDay = ((minute % DAY) + DAY) % DAY;
  return [Math.floor(ofDay / 60), ofDay % 60].map((part) => String(part).padStart(2, "0")).join(":");
};

const dayOf = (minute: number): string => WEEK[TUESDAY + Math.floor(minute / DAY)] ?? "tue";

/** A short window that opens or closes, or both, while the world is played. `timeZone` is the policy's own. */
export function randomSchedule(random: Random, timeZone: string): Schedule {
  const where = random.chance(0.5) ? timeZone : zone(random);
  const opens = BEGIN_MINUTE + (ZONES[where] ?? 0) + random.int(-20, 80);
  const closes = opens + random.int(4, 45);
  // What is shut for a short while is open all the rest of the day, and over midnight.
  const [from, to] = random.chance(0.4) ? [closes, opens] : [opens, closes];
  const days = random.chance(0.5) && {
    days: random.pick([[dayOf(opens)], ["mon-wed"], ["fri-mon", "tue"], ["wed"]]),
  };
  return {
    ...days,
    hours: [`${clock(from)}-${clock(to)}`],
    ...(where !== timeZone && { timeZone: where }),
  };
}
