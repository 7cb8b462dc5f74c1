import type { Line } from './price.ts';

/** Why a line has its price, in one short sentence. */
export function because({ component, cap }: Line): string {
  const { element, rule, tariff } = component;
  const where =
    rule === null ? `element ${(element ?? 0) + 1} of tariff ${tariff.id}` : `${rule} of tariff ${tariff.id}`;
  return cap === undefined ? `Priced by ${where}.` : `Tariff ${tariff.id} caps this at ${cap.text} a ${cap.per}.`;
}
