import { zoneHint } from "./hints.ts";
import { zoneFormats } from "./zone-formats.ts";

/** Zones of clocks that never change: abbreviations of a winter's time, offsets, and those of `Etc/`. UTC is meant as it is. */
const FIXED = /^([EM]ST|HST|[+-](?!00:?(00)?$)\d\d(:?\d\d)?|Etc\/GMT[+-][1-9]\d?)$/i;
/** Names of three letters that IANA has; others are read as something all the same, BST as Dhaka's time. */
const ABBREVIATIONS = /^(UTC|GMT|UCT|CET|MET|EET|WET|PRC|ROC|ROK)$/i;

/** Places whose clocks change, one for each offset that most people live by. */
const PLACES = [
  "America/New_York",
  "America/Chicago",
  "America/Denver",
  "America/Los_Angeles",
  "America/Halifax",
  "Europe/London",
  "Europe/Prague",
  "Europe/Athens",
  "Australia/Sydney",
  "Pacific/Auckland",
];

const offsetIn = zoneFormats({ timeZoneName: "longOffset" });
const WINTER = new Date("2026-01-15T12:00:00Z");
const SUMMER = new Date("2026-07-15T12:00:00Z");

const offsetAt = (zone: string, at: Date): string | undefined =>
  offsetIn(zone)
    .formatToParts(at)
    .find(({ type }) => type === "timeZoneName")?.value;

/** The places that share a fixed zone's time in winter, or of an offset in summer, and change their clocks. */
function placesFor(zone: string): readonly string[] {
  const offset = offsetAt(zone, WINTER);
  const at = (season: Date): readonly string[] =>
    PLACES.filter((place) => offsetAt(place, season) === offset);
  return /^[A-Z]+$/i.test(zone) ? at(WINTER) : [...new Set([...at(WINTER), ...at(SUMMER)])];
}

/** Why a time zone, though it can be read, is likely not the one that is meant; `undefined` for a place's. */
export function zoneDoubt(zone: string): string | undefined {
  if (FIXED.test(zone)) {
    const [place] = placesFor(zone);
    if (place === undefined) return undefined;
    const meant = placesFor(zone).join(" or ");
    return `${zone} keeps no daylight saving time, so it is an hour off for half of the year wherever clocks change; did you mean ${meant}?`;
  }
  if (!/^[A-Z]{3}$/i.test(zone) || ABBREVIATIONS.test(zone)) return undefined;
  const { timeZone } = offsetIn(zone).resolvedOptions();
  const meant = zoneHint(zone);
  return `${zone} is read as ${timeZone}, which may be the time of another place; ${meant ?? "write the place, for example Europe/London"}`;
}
