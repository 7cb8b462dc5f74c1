import { describe, expect, test } from 'vitest';
import { aConnector, anEvse, aStation } from './build.test-support.ts';
import { nameOf, placeName, placesOf, shownStatus, tallyOf } from './connectors.ts';

describe('the line of truth', () => {
  test('counts what is in use among what can charge', () => {
    const station = aStation({ statuses: ['available', 'charging', 'suspendedEV', 'finishing', 'reserved'] });
    expect(tallyOf(placesOf([station]))).toEqual({ all: 5, ok: 5, silent: 0 });
  });

  test('counts neither faulted nor out of service', () => {
    expect(tallyOf(placesOf([aStation({ statuses: ['available', 'faulted', 'unavailable'] })]))).toEqual({
      all: 3,
      ok: 1,
      silent: 0,
    });
  });

  test('believes nothing of a station that is away or disabled', () => {
    const away = aStation({ online: false, statuses: ['available'] });
    const disabled = aStation({ disabled: true, statuses: ['available'] });
    expect(tallyOf(placesOf([away, disabled]))).toEqual({ all: 2, ok: 0, silent: 0 });
  });

  test('claims nothing of a connector that has not told its state', () => {
    expect(tallyOf(placesOf([aStation({ statuses: ['unknown', 'available'] })]))).toEqual({ all: 2, ok: 1, silent: 1 });
  });
});

test('the state of a station that is away is that it is away', () => {
  expect(shownStatus({ online: false }, { status: 'charging' })).toBe('offline');
  expect(shownStatus({ online: true }, { status: 'charging' })).toBe('charging');
  expect(shownStatus({ online: true }, { status: 'levitating' })).toBe('unknown');
});

test('an outlet is named by station and EVSE, and by its connector only where there are several', () => {
  const station = aStation({ identity: 'CP-17' });
  const one = anEvse({ evse: 1 });
  const two = anEvse({ evse: 2, connectors: [aConnector({ connector: 1 }), aConnector({ connector: 2 })] });
  expect(nameOf({ station, evse: one, connector: aConnector({}) })).toBe('CP-17/1');
  expect(nameOf({ station, evse: two, connector: aConnector({ connector: 2 }) })).toBe('CP-17/2.2');
  expect(placeName('CP-17', null, null)).toBe('CP-17');
});
