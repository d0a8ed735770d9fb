import { about, oneOf, textLike } from "../../values/forms.ts";

/** What a policy says of all its rules, and a rule of itself. */

export const mode = oneOf(["observe", "enforce"], "", {
  on: "enforce",
  active: "enforce",
  off: "observe",
  "dry-run": "observe",
  dryrun: "observe",
});
export const owner = about(
  textLike(
    /^\S.{0,199}$/,
    "who is responsible, up to 200 letters and no blank before them, for example shop-team or ops@example.com",
  ),
  "Who is responsible: every entry and notice of the rule shows it.",
);
