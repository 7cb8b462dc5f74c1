import { expect, test } from 'vitest';
import { affectedBy } from './affected.ts';

test.each([
  ['session.metered', ['sessions']],
  ['session.priced', ['sessions']],
  ['connector.changed', ['stations']],
  ['station.connected', ['stations']],
  ['station.metered', []],
  ['device.noted', ['stations', 'alerts']],
  ['station.monitorsChanged', ['stations', 'alerts']],
  ['station.noted', ['notes']],
  ['command.changed', ['commands']],
  ['invoice.issued', ['bills']],
  ['cdr.held', ['bills']],
  ['something.new', []],
])('%s makes %j stale', (type, topics) => {
  expect(affectedBy(type)).toEqual(topics);
});
