import { expect, test } from 'vitest';
import { withoutDrivers } from './without-secrets.ts';

const shown = (text: string): string => Buffer.from(withoutDrivers(Buffer.from(text))).toString();

test('of what a station tells of a driver only the frame around it is kept', () => {
  const told =
    '[2,"7","NotifyCustomerInformation",{"data":"Ada \\"E4\\"","seqNo":0,"requestId":7,"customData":{"a":"Ada"}}]';
  expect(shown(told)).toBe('[2,"7","NotifyCustomerInformation",{"seqNo":0,"requestId":7,"data":"***"}]');
});

test('nor of one that is garbled', () => {
  expect(shown('[2,"7","NotifyCustomerInformation",{"data":"Ada')).toBe('[2,"7","NotifyCustomerInformation***');
  expect(shown('[2,"7","NotifyCustomerInformation","Ada"]')).not.toContain('Ada');
});

test.each(['[2,"7","Heartbeat",{}]', '[2,"7","DataTransfer",{"vendorId":"NotifyCustomerInformation","data":"x"}]'])(
  '%s is kept as it came',
  (text) => expect(shown(text)).toBe(text),
);
