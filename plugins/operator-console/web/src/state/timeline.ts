const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** The frame in a timeline item's data; undefined where it has none. */
export function frameIn(data: unknown): { readonly direction: 'in' | 'out'; readonly text: string } | undefined {
  const { direction, text } = record(data);
  return (direction === 'in' || direction === 'out') && typeof text === 'string' ? { direction, text } : undefined;
}

/** The total of a price step; undefined where it cannot be read. */
export function priceIn(
  data: unknown,
):
  | { readonly inclVat: string; readonly currency: string; readonly energyWh: number; readonly final: boolean }
  | undefined {
  const { total, energyWh, final } = record(data);
  const { inclVat, currency } = record(total);
  return typeof inclVat === 'string' && typeof currency === 'string' && typeof energyWh === 'number'
    ? { inclVat, currency, energyWh, final: final === true }
    : undefined;
}
