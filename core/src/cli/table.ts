/** Columns under each other, for people; scripts take --json. */
export function tableOf(rows: readonly object[], columns: readonly string[]): string {
  const text = (value: unknown): string => (value === null || value === undefined ? '-' : String(value));
  const lines = [
    columns.map((column) => column.toUpperCase()),
    ...rows.map((row) => columns.map((column) => text((row as Record<string, unknown>)[column]))),
  ];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
