import { API, type Order, type Part, SESSION_HEADER, type Told } from "../api.ts";

/** No answer came: of what was asked nobody knows whether it was done. */
export class UnheardError extends Error {
  override name = "UnheardError" as const;
}

const unheard = (): never => {
  throw new UnheardError("The console's server is not heard: is the console still running in its terminal?");
};

/** Asks the console's server. Throws an error that says why there is no answer. */
async function answered(address: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(address, init).catch(unheard);
  if (response.status >= 500) throw new UnheardError((await response.text()).trim());
  if (!response.ok) throw new Error((await response.text()).trim() || `It answered ${response.status}.`);
  return response.json().catch(unheard);
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
