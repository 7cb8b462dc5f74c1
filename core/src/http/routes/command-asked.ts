import { fail, iso, type StationId, type z } from '@plugga/kit';
import type { Asked } from '../../command/queue.ts';
import type { Clock, Random } from '../../ports.ts';
import { own, type Db } from '../../site/transact.ts';
import { matchKeyOf } from '../../token/match-key.ts';
import type { commandAsked } from './command-schema.ts';

type Wanted = z.output<typeof commandAsked>;
type Of<T extends Wanted['type']> = Extract<Wanted, { type: T }>;

/** Written as any other variable, the station would not be let in again. */
const OWN_WAY: Readonly<Record<string, string>> = {
  authorizationkey: 'rotateKey',
  securityprofile: 'raiseProfile',
  'securityctrlr/basicauthpassword': 'rotateKey',
  'securityctrlr/securityprofile': 'raiseProfile',
};
/** The command that a variable is changed with; its instances, places and attributes are the same setting. */
const ownWayOf = (name: string): string | undefined => {
  const setting = name
    .trim()
    .toLowerCase()
    .replace(/[@#].*$/s, '')
    .replace(/\.[^/]*/g, '');
  return Object.hasOwn(OWN_WAY, setting) ? OWN_WAY[setting] : undefined;
};

/** A token is named by its id, or by its value where only one has it. */
export async function tokenIdOf(db: Db, token: string): Promise<string> {
  const [found, other] = await db
    .selectFrom('core.token_row')
    .select('id')
    .where(own())
    .where((eb) => eb.or([eb('id', '=', token), eb('match_key', '=', matchKeyOf(token))]))
    .limit(2)
    .execute();
  if (found === undefined) throw fail('not-found', 'there is no such token: name it by its id or its whole value');
  if (other !== undefined) throw fail('conflict', 'several tokens have this value: name one by its id');
  return found.id;
}

async function stopOf(db: Db, station: StationId, { session, transactionId }: Of<'stop'>): Promise<Asked> {
  const named = session ?? transactionId;
  if (named === undefined) throw fail('invalid-input', 'stop names a session or a transactionId');
  const row = await db
    .selectFrom('core.session_row')
    .select('id')
    .where(session === undefined ? 'transaction_id' : 'id', '=', named)
    .where('station', '=', station)
    .orderBy('listed_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) throw fail('not-found', `there is no such session at this station: "${named}"`);
  return { name: 'stop', payload: { session: row.id } };
}

async function knownTokens(db: Db, tokens: readonly string[]): Promise<void> {
  const rows = await db.selectFrom('core.token_row').select('id').where('id', 'in', tokens).execute();
  const known = new Set(rows.map(({ id }) => id));
  const missing = tokens.find((id) => !known.has(id));
  if (missing !== undefined) throw fail('not-found', `there is no token "${missing}": the list names tokens by id`);
}

/** What is stored and sent of what was asked: tokens and sessions by their ids, with the numbers that OCPP wants. */
export async function askedOf(
  o: { readonly db: Db; readonly clock: Clock; readonly random: Random; readonly station: StationId },
  wanted: Wanted,
): Promise<Asked> {
  const { db, station, clock } = o;
  const number = (): number => 1 + (Buffer.from(o.random.bytes(4)).readUInt32BE() % (2 ** 31 - 1));
  switch (wanted.type) {
    case 'start': {
      const { type: _, token, ...rest } = wanted;
      return { name: 'start', payload: { ...rest, tokenId: await tokenIdOf(db, token) } };
    }
    case 'stop':
      return stopOf(db, station, wanted);
    case 'reserve': {
      const { type: _, token, expiresAt, ...rest } = wanted;
      const until = new Date(expiresAt);
      if (until.getTime() <= clock.now()) throw fail('invalid-input', 'expiresAt: a reservation ends in the future');
      const tokenId = await tokenIdOf(db, token);
      return { name: 'reserve', payload: { ...rest, tokenId, expiresAt: until.toISOString(), reservation: number() } };
    }
    case 'writeLocalList': {
      if (wanted.tokens !== undefined && wanted.tokens.length > 0) await knownTokens(db, wanted.tokens);
      const { type: _, ...payload } = wanted;
      return { name: 'writeLocalList', payload };
    }
    case 'writeVariables': {
      const own = Object.keys(wanted.values).find((name) => ownWayOf(name) !== undefined);
      if (own !== undefined)
        throw fail('invalid-input', `values: "${own}" is changed with the command "${ownWayOf(own)}"`);
      const { type: _, ...payload } = wanted;
      return { name: 'writeVariables', payload };
    }
    case 'readVariables': {
      const { names } = wanted;
      return { name: 'readVariables', payload: names === undefined ? { request: number() } : { names } };
    }
    case 'readMonitors':
    case 'setMonitoringBase':
    case 'baseReport':
    case 'variableReport': {
      const { type, ...rest } = wanted;
      return { name: type, payload: { ...rest, request: number() } };
    }
    case 'raiseProfile': {
      const row = await db
        .selectFrom('core.station_row')
        .select('security_profile')
        .where('id', '=', station)
        .executeTakeFirstOrThrow();
      if (wanted.securityProfile <= row.security_profile)
        throw fail(
          'conflict',
          `the station comes by profile ${row.security_profile} already: a profile is only raised`,
        );
      const { type: _, ...payload } = wanted;
      return { name: 'raiseProfile', payload };
    }
    case 'updateFirmware': {
      const { type: _, retrieveAt = iso(clock.now()), ...rest } = wanted;
      return { name: 'updateFirmware', payload: { ...rest, retrieveAt, request: number() } };
    }
    case 'publishFirmware':
    case 'readProfiles':
    case 'readDerControls':
    case 'readDisplayMessages': {
      const { type, ...rest } = wanted;
      return { name: type, payload: { ...rest, request: number() } };
    }
    case 'readCustomer':
    case 'eraseCustomer': {
      const { type: name, token, customer, certificate, ...rest } = wanted;
      if ([token, customer, certificate].filter((it) => it !== undefined).length !== 1)
        throw fail('invalid-input', `${name} names a token, a customer or a certificate, one of them`);
      const known = customer === undefined ? { certificate } : { customer };
      const whose = token === undefined ? known : { tokenId: await tokenIdOf(db, token) };
      return { name, payload: { ...rest, ...whose, request: number() } };
    }
    case 'requestBatterySwap':
      return {
        name: 'requestBatterySwap',
        payload: { tokenId: await tokenIdOf(db, wanted.token), request: number() },
      };
    case 'frequencySignal':
      return { name: 'frequencySignal', payload: { signal: wanted.signal, at: wanted.at ?? iso(clock.now()) } };
    case 'getDiagnostics':
    case 'getLog': {
      const { type, ...rest } = wanted;
      if (rest.from !== undefined && rest.until !== undefined && Date.parse(rest.from) >= Date.parse(rest.until))
        throw fail('invalid-input', 'from: is earlier than until');
      return { name: type, payload: { ...rest, request: number() } };
    }
    default: {
      const { type, ...payload } = wanted;
      return { name: type, payload };
    }
  }
}
