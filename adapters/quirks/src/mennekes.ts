import { defineQuirk } from '@plugga/kit';
import { readKeys } from './read-keys.ts';

/** `"Energy.Active.Import.Register", "Power.Active.Import"` is a list of names, not of quoted names. */
const plain = (value: string): string =>
  value.includes('"') || value.includes("'")
    ? value
        .split(',')
        .map((word) => word.trim().replace(/^["']+|["']+$/g, ''))
        .join(',')
    : value;

/** Mennekes Amtron and Smart, with the controllers ACU and Chago. */
export const mennekes = defineQuirk({
  id: 'mennekes-quoted-lists',
  why: 'Names in the lists of configuration values stand in quotes, with blanks between them (evcc-io/evcc PR #16255); power is never sent outside a transaction (#30655).',
  match: { vendor: /^mennekes/i },
  protocols: ['ocpp1.6'],
  plan: { readVariables: readKeys({ value: plain }) },
});
