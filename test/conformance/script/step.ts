import type { Operator, Registration, StationWanted, TariffWanted, TokenWanted } from './csms.ts';
import type { Payload } from './station.ts';

/** A step of the operator as the command of `--operator` gets it: one line of JSON. */
export type Step =
  | ({ readonly step: 'station'; readonly identity: string } & StationWanted)
  | { readonly step: 'register'; readonly identity: string; readonly registration: Registration }
  | ({ readonly step: 'token' } & TokenWanted)
  | ({ readonly step: 'tariff' } & TariffWanted)
  | { readonly step: 'contractRoot'; readonly certificate: string }
  | { readonly step: 'contractService'; readonly url: string }
  | { readonly step: 'replan'; readonly identity: string; readonly wishes: Payload }
  | { readonly step: 'command'; readonly identity: string; readonly command: Payload };

/** What each must have done when the command ends with 0, for docs/conformance.md. */
export const STEPS: Readonly<Record<Step['step'], { readonly members: string; readonly does: string }>> = {
  station: {
    members: '`identity`, `key?`, `securityProfile?`, `unasked?`',
    does: 'the station is let in; with a key only with it, by that profile (1); unless `unasked` is true, nothing is sent to it that its script does not ask for',
  },
  register: {
    members: '`identity`, `registration`',
    does: 'its next boot is answered `accepted`, `pending` or `rejected`',
  },
  token: {
    members: '`value`, `type?`, `status?`, `expiresAt?`, `group?`',
    does: 'the token is known (`ISO14443`, `accepted`); what the command prints names it in commands, its value where it prints nothing',
  },
  tariff: {
    members: '`id`, `currency`, `perKwh`, `vatPercent`, `group?`',
    does: 'that is the price of the tokens of the group: for each kWh, without VAT',
  },
  contractRoot: { members: '`certificate` (PEM)', does: 'contracts of vehicles from that issuer are trusted' },
  contractService: { members: '`url`', does: 'requests for contract certificates are passed on to that URL' },
  replan: {
    members: '`identity`, `wishes`',
    does: 'the vehicle that charges there is planned for anew, above no `limitWatts` of the wishes',
  },
  command: {
    members: '`identity`, `command`',
    does: 'the station is asked for it, in the words of [our API](operator-api.md)',
  },
};

const doing: { readonly [K in Step['step']]: (step: Extract<Step, { step: K }>, by: Operator) => Promise<unknown> } = {
  station: ({ step: _, identity, ...wanted }, by) => by.station(identity, wanted),
  register: ({ identity, registration }, by) => by.registers(identity, registration),
  token: ({ step: _, ...wanted }, by) => by.token(wanted),
  tariff: ({ step: _, ...wanted }, by) => by.tariff(wanted),
  contractRoot: ({ certificate }, by) => by.contractRoot(certificate),
  contractService: ({ url }, by) => by.contractService(url),
  replan: ({ identity, wishes }, by) => by.replan(identity, wishes),
  command: ({ identity, command }, by) => by.command(identity, command),
};

/** Has it done by an operator; gives what the command prints. */
export async function doStep(step: Step, by: Operator): Promise<string> {
  const result = await doing[step.step](step as never, by);
  return typeof result === 'string' ? result : '';
}
