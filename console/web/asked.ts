import { API, type Order, type Part, SESSION_HEADER, type Told } from "../api.ts";

/** Asks the console's server. Throws an error that says why there is no answer. */
async function answered(address: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(address, init).catch(() => {
    throw new Error("The console's server is not heard: is the console still running in its terminal?");
  });
  if (!response.ok) throw new Error((await response.text()).trim() || `It answered ${response.status}.`);
  return response.json();
}

export type Answers = Readonly<Record<string, Part>>;

export const question = (path: string, query: Readonly<Record<string, string>>, signal: AbortSignal) =>
  answered(`${path}?${new URLSearchParams(query)}`, { signal }) as Promise<Answers>;

const order = (path: string, wish: Order, session: string) =>
  answered(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", [SESSION_HEADER]: session },
    body: JSON.stringify(wish),
  }) as Promise<Told>;

export const plan = (wish: Order, session: string): Promise<Told> => order(API.plan, wish, session);
export const act = (wish: Order, session: string): Promise<Told> => order(API.act, wish, session);
