import type { StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { statusNotification } from './status-notification.ts';

const view = {} as StationView;
const factOf = (over: object) => {
  const [fact] = statusNotification.read(
    { connectorId: 1, errorCode: 'NoError', status: 'Charging', ...over },
    view,
  ).facts;
  return fact?.kind === 'status' ? fact : undefined;
};

describe('StatusNotification', () => {
  test('every status of the specification has its own neutral word', () => {
    const words = [
      'Available',
      'Preparing',
      'Charging',
      'SuspendedEVSE',
      'SuspendedEV',
      'Finishing',
      'Reserved',
      'Unavailable',
      'Faulted',
    ];
    const statuses = words.map((status) => factOf({ status })?.status);
    expect(statuses.map((status) => status?.toLowerCase())).toEqual(words.map((word) => word.toLowerCase()));
  });

  test('the spelling of a status does not matter', () => {
    expect(factOf({ status: 'charging' })).toMatchObject({ status: 'charging', raw: 'charging' });
  });

  test('NoError is no error, also with a vendorId; with a vendor code it is one', () => {
    expect(factOf({ vendorId: 'com.wallbox', vendorErrorCode: '', info: '' })?.error).toBeUndefined();
    expect(factOf({ vendorId: 'V', vendorErrorCode: '17' })?.error).toEqual({
      code: 'NoError',
      vendor: 'V',
      vendorCode: '17',
    });
  });

  test('a code that we do not know is OtherError and keeps its word', () => {
    expect(factOf({ errorCode: 'Error', info: 'relay' })?.error).toEqual({ code: 'OtherError', info: 'Error: relay' });
  });
});
