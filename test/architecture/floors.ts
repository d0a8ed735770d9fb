import { filesImportedBy, type Source } from "./sources.ts";

/**
 * A folder whose rooms stand on floors. A room is a folder in it, a single file at its root, or with `.` all other files
 * there. It imports its own files and those of lower floors.
 */
export type House = {
  readonly folder: string;
  /** From the ground up; rooms on one floor don't know each other. */
  readonly floors: readonly (readonly string[])[];
};

export const HOUSES: readonly House[] = [
  {
    folder: "src/policy/",
    floors: [
      ["values"],
      ["run.ts", "policy.ts"],
      ["observation.ts"],
      ["limits"],
      ["language", "spend"],
      ["judge"],
      ["index.ts"],
    ],
  },
  {
    folder: "src/watchdog/",
    floors: [
      ["model"],
      ["audit", "observe", "stored"],
      ["ledger", "policies", "notify"],
      ["stop", "hold", "explain", "learn"],
      ["overrule", "health", "report"],
      ["tick"],
    ],
  },
  {
    folder: "cli/",
    floors: [
      ["options", "show", "package.ts", "older-node.ts"],
      ["command.ts"],
      ["target", "confirm.ts"],
      ["lines"],
      ["policy", "completion", "by-hand", "console"],
      ["evidence"],
      ["report"],
      ["complain.ts"],
      ["start"],
      ["commands"],
      ["."],
      // What npm start runs is a program, as main.ts is.
      ["start/start.ts"],
    ],
  },
];

/** The room of a path within the house: `stop`, `run.ts`, `.`; `undefined` where the house has none for it. */
function roomOf(path: string, { folder, floors }: House): string | undefined {
  const rooms = floors.flat();
  const inside = path.slice(folder.length);
  if (rooms.includes(inside)) return inside;
  const [first = "", ...rest] = inside.split("/");
  if (rooms.includes(first)) return first;
  return rest.length === 0 && rooms.includes(".") ? "." : undefined;
}

const floorOf = (room: string, { floors }: House): number =>
  floors.findIndex((rooms) => rooms.includes(room));

const drawn = ({ floors }: House): string => floors.map((rooms) => rooms.join(", ")).join(" · ");

const isFile = (room: string): boolean => room.endsWith(".ts");

const nameOf = (room: string, { folder }: House): string =>
  room === "." ? folder : `${folder}${room}${isFile(room) ? "" : "/"}`;

/** What an import between rooms breaks, and where the file belongs; `undefined` when it leads down. */
function wrongWay(path: string, target: string, house: House): string | undefined {
  const [own, other] = [roomOf(path, house), roomOf(target, house)];
  if (own === undefined || other === undefined || own === other) return undefined;
  const [from, to] = [floorOf(own, house), floorOf(other, house)];
  if (to < from) return undefined;
  if (to === from) {
    const below = house.floors.slice(0, from).flat();
    const place = below.length > 0 ? `to a floor below (${below.join(", ")})` : "to a floor of its own below";
    return `${path} imports ${target}, and ${own} and ${other} are on one floor: move what both need ${place}, or hand it in as a parameter.`;
  }
  const place = isFile(other) ? `above ${nameOf(other, house)}` : `in ${nameOf(other, house)} or above`;
  return `${path} imports ${target}, which is on a floor above: what it takes belongs in ${nameOf(own, house)} or below, or is handed in as a parameter; else ${path} belongs ${place}.`;
}

/** Every file of a house without a room, and every import that leads up or across, as a sentence. */
export const checkFloors = (
  sources: readonly Source[],
  houses: readonly House[] = HOUSES,
): readonly string[] =>
  houses.flatMap((house) => {
    const inside = sources.filter(({ path }) => path.startsWith(house.folder));
    return inside.flatMap((each) => {
      if (roomOf(each.path, house) === undefined) {
        return [
          `${each.path} is in no room of ${house.folder} (${drawn(house)}): move it to one, or give its room a floor.`,
        ];
      }
      return filesImportedBy(each)
        .filter((target) => target.startsWith(house.folder))
        .flatMap((target) => wrongWay(each.path, target, house) ?? []);
    });
  });
