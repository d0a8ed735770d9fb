/** Texts that act on whoever shows them, each between marks, so that what became of it is found in an output. */
const ACTING: readonly (readonly [what: string, acting: string])[] = [
  ["wipe the screen", "\u001b[2J\u001b[H"],
  ["colour", "\u001b[31m"],
  ["conceal", "\u001b[8m"],
  ["set a terminal's title", "\u001b]0;gone\u0007"],
  ["wipe its line", "\r\u001b[2K"],
  ["begin a line", "\nABORTED  run x by nobody"],
  ["begin a line as Windows does", "\r\nSubject: x"],
  ["jump", "\t\u000b\u000c"],
  ["go back", "\b\b\b\b"],
  ["act in 8 bits", "\u009b2J\u0085"],
  ["end a text", "\u0000"],
  ["turn the reading direction", "\u202e\u2066"],
  ["part lines", "\u2028\u2029"],
  ["not be seen", "\u200b\u200d\u2060\ufeff\u00ad"],
  ["hide words in tags", "\u{e0061}\u{e0062}"],
  ["be half a character", "\ud800"],
];

export const HOSTILE = ACTING.map(([what, acting]) => [what, `<<${acting}>>`] as const);

/** First and last code points of what must not be written as it is. Listed by hand, independently of the code under test. */
const UNSEEN: readonly (readonly [number, number])[] = [
  [0x00, 0x09],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xfffe, 0xffff],
  [0xe0000, 0xe0fff],
];
const isUnseen = (character: string): boolean => {
  const code = character.codePointAt(0) ?? 0;
  return UNSEEN.some(([first, last]) => first <= code && code <= last);
};
/** Our own: bold, dim and the plain colours, each with its end. */
const COLOUR = new RegExp(`${String.fromCodePoint(0x1b)}\\[(?:1|2|22|3[1-6]|39)m`, "gu");

/**
 * What in an output acts: every character but line breaks that can't be seen, our own colours aside where they are
 * allowed, and every hostile text that did not become another.
 */
export function actingIn(output: string, { colours = false } = {}): readonly string[] {
  const raw = [...output.matchAll(/<<(.)/gsu)].flatMap(([, next = ""]) =>
    next === "\n" || isUnseen(next) ? [next] : [],
  );
  const plain = colours ? output.replace(COLOUR, "") : output;
  return [...raw, ...[...plain].filter(isUnseen)].map((each) => JSON.stringify(each));
}
