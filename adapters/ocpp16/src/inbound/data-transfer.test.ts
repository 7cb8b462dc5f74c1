import { instant, type StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { dataTransfer } from './data-transfer.ts';

const now = instant(0);
const view = {} as StationView;
const request = { vendorId: 'org.example' };

describe('DataTransfer', () => {
  test.each([
    ['accepted', 'Accepted'],
    ['rejected', 'Rejected'],
    ['unknownVendorId', 'UnknownVendorId'],
    ['unknownMessageId', 'UnknownMessageId'],
  ] as const)('%s is answered %s', (status, expected) => {
    expect(dataTransfer.reply({ now, dataTransfer: { status } }, request, view)).toEqual({ status: expected });
  });

  test('a vendor that no plugin answers for is unknown', () => {
    expect(dataTransfer.reply({ now }, request, view)).toEqual({ status: 'UnknownVendorId' });
  });

  test('data goes out as text, an object as its JSON', () => {
    const answered = (data: unknown) =>
      dataTransfer.reply({ now, dataTransfer: { status: 'accepted', data } }, request, view).data;
    expect([answered('plain'), answered({ a: 1 }), answered(undefined)]).toEqual(['plain', '{"a":1}', undefined]);
  });
});
