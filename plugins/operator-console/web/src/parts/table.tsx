import { Menu } from '@base-ui/react/menu';
import { columnVisibilityFeature, tableFeatures, useTable, type ColumnDef } from '@tanstack/react-table';
import { useMemo, useState, type ReactNode } from 'react';
import { useText, type TextId } from '../language/index.ts';

const features = tableFeatures({ columnVisibilityFeature });

export interface Column<T> {
  readonly id: string;
  readonly header: TextId;
  readonly cell: (row: T) => ReactNode;
  readonly numeric?: boolean;
  /** The one that names the row: it cannot be hidden, and heads the card on a narrow screen. */
  readonly name?: boolean;
}

/** The same with its header as text already. */
type TextColumn<T> = Omit<Column<T>, 'header'> & { readonly header: string };

const keptAs = (table: string): string => `plugga.columns.${table}`;
function keptVisibility(table: string): Record<string, boolean> {
  try {
    return JSON.parse(localStorage.getItem(keptAs(table)) ?? '{}') as Record<string, boolean>;
  } catch {
    return {};
  }
}

interface TableProps<T, C> {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly C[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly rowClass?: (row: T) => string | undefined;
}

/** A table of the console. The columns must be the same value at each rendering. */
export function DataTable<T>(o: TableProps<T, Column<T>>) {
  const { t, language } = useText();
  const columns = useMemo(
    () => o.columns.map((column) => ({ ...column, header: t(column.header) })),
    // The texts change with the language alone.
    [o.columns, language],
  );
  return <TextTable {...o} columns={columns} />;
}

/** A table with a column chooser; on a narrow screen each row is a card. The columns must be the same value at each rendering. */
export function TextTable<T>({ id, caption, columns, rows, rowKey, rowClass }: TableProps<T, TextColumn<T>>) {
  const { t } = useText();
  const [columnVisibility, setColumnVisibility] = useState(() => keptVisibility(id));
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const defs = useMemo(
    (): ColumnDef<typeof features, T & object>[] =>
      columns.map((column) => ({
        id: column.id,
        enableHiding: column.name !== true,
        cell: ({ row }) => column.cell(row.original),
      })),
    [columns],
  );
  const table = useTable({
    features,
    columns: defs,
    data: rows as readonly (T & object)[] as (T & object)[],
    getRowId: rowKey,
    state: { columnVisibility },
    onColumnVisibilityChange: (change) =>
      setColumnVisibility((before) => {
        const next = typeof change === 'function' ? change(before) : change;
        localStorage.setItem(keptAs(id), JSON.stringify(next));
        return next;
      }),
  });
  const headerOf = (column: string): string => byId.get(column)?.header ?? '';
  const numeric = (column: string): string | undefined => (byId.get(column)?.numeric === true ? 'numeric' : undefined);
  return (
    <div className="table-frame">
      {/* The roles are said because a table that is laid out as cards loses its own. */}
      <table role="table" className="cards">
        <caption className="unseen">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {table.getVisibleLeafColumns().map((column) => (
              <th role="columnheader" scope="col" key={column.id} className={numeric(column.id)}>
                {headerOf(column.id)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {table.getRowModel().rows.map((row) => (
            <tr role="row" key={row.id} className={rowClass?.(row.original)}>
              {row.getVisibleCells().map((cell) => {
                const column = byId.get(cell.column.id);
                return (
                  <td
                    role="cell"
                    key={cell.id}
                    className={column?.name === true ? 'row-name' : numeric(cell.column.id)}
                    data-label={headerOf(cell.column.id)}
                  >
                    <div>{column?.cell(row.original)}</div>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <Menu.Root>
        <Menu.Trigger className="button quiet columns">{t('table.columns')}</Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="end" className="floating">
            <Menu.Popup className="menu">
              {table
                .getAllLeafColumns()
                .filter((column) => column.getCanHide())
                .map((column) => (
                  <Menu.CheckboxItem
                    key={column.id}
                    className="menu-item"
                    checked={column.getIsVisible()}
                    onCheckedChange={(checked) => column.toggleVisibility(checked)}
                  >
                    <span className="menu-check" aria-hidden="true">
                      {column.getIsVisible() ? '✓' : ''}
                    </span>
                    {headerOf(column.id)}
                  </Menu.CheckboxItem>
                ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </div>
  );
}
