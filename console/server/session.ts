import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 32 URL-safe characters. */
const newSecret = (): string => randomBytes(24).toString("base64url");

const hashOf = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Compares in a time that says nothing of where two texts differ. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(hashOf(one), hashOf(other));

/** The values of a cookie: a page on another port of this machine may have set a second one of the same name. */
function cookiesNamed(name: string, header: string): readonly string[] {
  return header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

/**
 * Who may look, and act: who opened the address that was printed, once, in that browser. Three secrets, none of which gives
 * another: the token in that address; the cookie that it is exchanged for, which no script can read; and what each write
 * carries besides, which the page alone knows.
 */
export class Session {
  readonly token = newSecret();
  readonly write = newSecret();
  readonly #cookie = newSecret();
  readonly #name: string;
  #isUsed = false;

  /** `port`: cookies are all ports' of a machine, so each console has a name of its own. */
  constructor(port: number) {
    this.#name = `watchdog-${port}`;
  }

  /** The cookie for a token, the first time that it is given; else `undefined`. */
  exchange(token: string): string | undefined {
    if (this.#isUsed || !isSame(token, this.token)) return undefined;
    this.#isUsed = true;
    return `${this.#name}=${this.#cookie}; Path=/; HttpOnly; SameSite=Strict`;
  }

  isKnown(cookies: string): boolean {
    return cookiesNamed(this.#name, cookies).some((value) => isSame(value, this.#cookie));
  }

  mayWrite(header: string): boolean {
    return isSame(header, this.write);
  }
}
