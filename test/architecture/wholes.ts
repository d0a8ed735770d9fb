import { type Source, takenBy, targetOf, withoutImports } from "./sources.ts";

/**
 * What a function may touch shows in its signature: it takes the part that it uses. The whole of a pass, and of the ports,
 * is for those that make it or hand it on.
 */
const WATCHDOG = "src/watchdog/";
const TICK = "src/watchdog/tick/";

/** Every file outside of the tick that takes its `Context`, which is all that a pass has. */
export const checkContext = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ path, source }) => {
      const taken = takenBy(source).filter(({ symbols }) => symbols.includes("Context"));
      return !path.startsWith(TICK) && taken.some(({ from }) => targetOf(path, from).startsWith(WATCHDOG));
    })
    .map(
      ({ path }) =>
        `${path} takes the whole Context, which ${TICK} alone may: take the part that is used, whose type belongs in src/watchdog/model/; else the file belongs in ${TICK}.`,
    );

/** In which files of the use cases the whole `Ports` may be named; a path that ends in `/` is a room. */
export const PORTS_NAMED: readonly { readonly path: string; readonly why: string }[] = [
  { path: "src/watchdog/model/ports.ts", why: "declares them" },
  { path: TICK, why: "opens a pass with all of them" },
];

/** `Pick<Ports, "audit">` and `Ports["audit"]` are parts. */
const WHOLE_PORTS = /(?<!\bPick<\s*)\bPorts\b(?!\s*\[)/;

const namesPorts = ({ source }: Source): boolean => WHOLE_PORTS.test(withoutImports(source));

/** Every use case that takes all ports and is not listed, and what is listed and no longer does. */
export function checkPorts(sources: readonly Source[], allowed = PORTS_NAMED): readonly string[] {
  const named = sources.filter((each) => each.path.startsWith(WATCHDOG) && namesPorts(each));
  const covers = (known: string, path: string): boolean =>
    known.endsWith("/") ? path.startsWith(known) : path === known;
  return [
    ...named
      .filter(({ path }) => !allowed.some((known) => covers(known.path, path)))
      .map(
        ({ path }) =>
          `${path} names the whole Ports: take the part that is used, for example Pick<Ports, "audit" | "clock">, or list it with its reason.`,
      ),
    ...allowed
      .filter((known) => !named.some(({ path }) => covers(known.path, path)))
      .map(({ path }) => `${path} no longer names the whole Ports; strike it from the list.`),
  ];
}
