import type { Child } from "../../page/el.ts";
import { type FrontCorner, frontPicture } from "../../page/front-picture.ts";
import { notes, paragraph, section } from "../../page/parts.ts";
import { picture } from "../../page/picture.ts";
import { type Column, dataTable } from "../../page/table.ts";
import type { Front, FrontPoint } from "../../src/watchdog/learn/front/front.ts";
import { bestOf, frontColumns, frontRests, frontSays, frontTitle, limitText } from "./front-shown.ts";

/** Beyond this share of wrong stops no one looks for a limit; the few that matter would have no room beside it. */
const DRAWN_UP_TO = 0.1;

const cornerOf = ({ wrong, savedMicroUsd }: FrontPoint): FrontCorner => ({ wrong, ...savedMicroUsd });

/** The front of a rule as a picture, the limit as written in it, with the table of all its points. */
export function frontSection(front: Front): Child {
  const { points, written, successes } = front;
  const best = bestOf(front);
  const drawn = points.filter(
    (point) =>
      point.wrong <= Math.max(3, successes * DRAWN_UP_TO) || point === best || point.limit === written.limit,
  );
  const left =
    drawn.length < points.length
      ? " Limits that stop more than a tenth of the runs that succeeded are in the table alone."
      : "";
  const isOne = best?.limit === written.limit;
  const marks = [
    {
      ...cornerOf(written),
      label: `${limitText(front, written)}, as written${isOne ? "; none lower without a wrong stop" : ""}`,
    },
    ...(best && !isOne
      ? [{ ...cornerOf(best), label: `${limitText(front, best)}, the lowest with no wrong stop` }]
      : []),
  ];
  const columns = frontColumns(front).map(
    (column): Column<FrontPoint> =>
      column.title === "WRONG" ? { ...column, tone: ({ wrong }) => (wrong > 0 ? "bad" : undefined) } : column,
  );
  return section(
    { title: frontTitle(front), id: "front" },
    paragraph(frontRests(front)),
    picture({
      svg: frontPicture({
        label: "Dollars saved against wrong stops, for each limit; the table has the figures.",
        corners: drawn.map(cornerOf),
        marks,
      }),
      caption: `Dollars saved, from what is certain (dashed) to what may be (solid), against runs stopped that were to be left alone.${left}`,
      table: dataTable({ label: frontTitle(front), columns, rows: points }),
    }),
    notes({ notes: frontSays(front) }),
  );
}
