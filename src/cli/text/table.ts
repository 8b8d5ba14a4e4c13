import { oneLine } from "./printable.js";

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

export interface Row {
  /** One text per column; what is missing is empty. */
  readonly cells: readonly string[];
  /** Marks the whole line, after it was aligned. */
  readonly paint?: (line: string) => string;
}

/**
 * A plain table: titles, dashes, rows, with two spaces between columns.
 *
 *     status       quantity    min loss
 *     ---------  ----------  ----------
 *     completed           8      0.1234
 */
export function showTable(typed: readonly Column[], typedRows: readonly Row[]): string {
  const columns = typed.map((column) => ({ ...column, title: oneLine(column.title) }));
  const rows = typedRows.map((row) => ({ ...row, cells: row.cells.map(oneLine) }));
  const widths = columns.map((column, index) =>
    columnWidth(
      column,
      rows.map(({ cells }) => cells[index] ?? ""),
    ),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? "";
        return align === "left" ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!);
      })
      .join("  ")
      .trimEnd();
  const lines = [line(columns.map(({ title }) => title)), widths.map((width) => "-".repeat(width)).join("  ")];
  for (const { cells, paint = String } of rows) lines.push(paint(line(cells)));
  return `${lines.join("\n")}\n`;
}

/** Two signs wider than its title, so that a title above numbers does not touch its neighbour. */
export function columnWidth({ title }: Column, cells: readonly string[]): number {
  return cells.reduce((width, cell) => Math.max(width, oneLine(cell).length), oneLine(title).length + 2);
}
