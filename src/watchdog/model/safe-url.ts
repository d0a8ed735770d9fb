/** What `isSafeUrl` takes, in words. */
export const SAFE_URL = "an https URL, or an http one of this machine, for example http://127.0.0.1:4010";

/** A token goes to no other machine in the clear. */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  const isLoopback = hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
  return protocol === "https:" || (protocol === "http:" && isLoopback);
}
