/** `acme/shop-*`, `acme~shop` and a bare `*` are names; anything else is an id. */
export const isName = (pattern: string): boolean => /[/~*]/.test(pattern);

/** A schedule's name has no owner; 17 letters and digits are an id. */
export const isScheduleName = (pattern: string): boolean => !/^[A-Za-z0-9]{17}$/.test(pattern);

/** A name as it is compared: `acme~shop` is `acme/shop`, in any case. */
export const canonical = (name: string): string => name.replace("~", "/").toLowerCase();

/** `*` stands for any letters. Linear: the last star is where a mismatch goes back to. */
export function globMatches(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let p = 0;
  while (at < name.length) {
    if (pattern[p] === "*") {
      star = p++;
      resume = at;
    } else if (pattern[p] === name[at]) {
      p++;
      at++;
    } else if (star !== -1) {
      p = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
