import fc from 'fast-check';
import type { StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { ocpp16 } from './index.ts';

const view = { variable: () => undefined, transactionOn: () => undefined } as unknown as StationView;
const TRANSACTION = ['StartTransaction', 'StopTransaction', 'MeterValues'];

/** Payloads that have the right names and anything at all for values. */
const near = fc.record(
  {
    connectorId: fc.anything(),
    transactionId: fc.anything(),
    idTag: fc.anything(),
    meterStart: fc.anything(),
    meterStop: fc.anything(),
    timestamp: fc.anything(),
    status: fc.anything(),
    vendorId: fc.anything(),
    meterValue: fc.oneof(
      fc.anything(),
      fc.array(
        fc.oneof(
          fc.anything(),
          fc.record({
            sampledValue: fc.array(
              fc.oneof(fc.anything(), fc.record({ value: fc.anything(), measurand: fc.anything() })),
            ),
          }),
        ),
      ),
    ),
    transactionData: fc.anything(),
  },
  { requiredKeys: [] },
);
/** As a station could send it: JSON. */
const json = (value: unknown): unknown => {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null');
  } catch {
    return null;
  }
};

describe('any payload', () => {
  test.each(Object.keys(ocpp16.inbound))('%s never throws, and its answer is valid', (action) => {
    const entry = ocpp16.inbound[action]!;
    fc.assert(
      fc.property(fc.oneof(near, fc.anything()), (value) => {
        const parsed = entry.request(json(value));
        if (!parsed.ok) {
          expect(parsed.error).toMatch(/^(FormationViolation|(Occurence|Type|Property)ConstraintViolation)$/);
          return;
        }
        const { facts } = entry.read(parsed.payload, view);
        expect(() => JSON.stringify(facts)).not.toThrow();
        const reply: unknown = entry.reply({ now: 0 as never, transaction: { id: '1' } }, parsed.payload, view);
        expect(entry.response?.(reply)).toMatchObject({ ok: true });
      }),
      { numRuns: 300 },
    );
  });

  test.each(TRANSACTION)('%s is never refused when it is an object', (action) => {
    fc.assert(
      fc.property(near, (value) => {
        expect(ocpp16.inbound[action]!.request(json(value))).toMatchObject({ ok: true });
      }),
      { numRuns: 300 },
    );
  });

  test.each(TRANSACTION)('%s has a last resort, because it is never answered with CALLERROR', (action) => {
    const { lastResort, response } = ocpp16.inbound[action]!;
    expect(response?.(lastResort)).toMatchObject({ ok: true });
  });

  test('a thousand faulty samples are one deviation', () => {
    const sampledValue = Array.from({ length: 1000 }, () => ({ value: '1', unit: 'Hz' }));
    const parsed = ocpp16.inbound['MeterValues']!.request({
      connectorId: 1,
      meterValue: [{ timestamp: '2026-01-05T12:00:00Z', sampledValue }],
    });
    expect(parsed).toMatchObject({ ok: true, deviations: [{ code: 'unknown-value', detail: 'Hz' }] });
  });

  test('a payload cannot fill the log with deviations', () => {
    const payload = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`x${n}`, n]));
    const parsed = ocpp16.inbound['Heartbeat']!.request(payload);
    expect(parsed.ok && parsed.deviations.length).toBe(20);
  });

  test('a word that is cut is never cut through a character', () => {
    const status = `${'x'.repeat(99)}${'😀'.repeat(200)}`;
    const { request, read } = ocpp16.inbound['StatusNotification']!;
    const parsed = request({ connectorId: 1, status: 'Faulted', errorCode: status, info: `x${status}` });
    if (!parsed.ok) throw new TypeError(parsed.detail);
    const text = JSON.stringify([parsed.deviations, read(parsed.payload, view)]);
    expect(text.isWellFormed() && !text.includes('\\ud')).toBe(true);
  });

  test('a token is not repeated in a deviation', () => {
    const parsed = ocpp16.inbound['StartTransaction']!.request({ idTag: { secret: '04A2B3C4D5E6F708' } });
    expect(JSON.stringify(parsed.ok && parsed.deviations)).not.toContain('04A2');
  });
});
