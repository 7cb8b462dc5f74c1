import { describe, expect, test } from 'vitest';
import { configuration } from './configuration.ts';

describe('changing a key', () => {
  test.each([
    ['MeterValueSampleInterval', '15', 'Accepted'],
    ['metervaluesampleinterval', '15', 'Accepted'],
    ['MeterValueSampleInterval', '-1', 'Rejected'],
    ['MeterValueSampleInterval', '90000', 'Rejected'],
    ['MeterValueSampleInterval', '1.5', 'Rejected'],
    ['LocalPreAuthorize', 'TRUE', 'Accepted'],
    ['LocalPreAuthorize', 'yes', 'Rejected'],
    ['NumberOfConnectors', '9', 'Rejected'],
    ['MeterValuesSampledData', 'SoC, Voltage', 'Accepted'],
    ['MeterValuesSampledData', 'SoC,Weather', 'Rejected'],
    ['StopTxnSampledData', '', 'Accepted'],
    ['ConnectorPhaseRotation', '1.RTS', 'RebootRequired'],
    ['AuthorizationKey', 'short', 'Rejected'],
    ['TransactionMessageAttempts', '0', 'Rejected'],
    ['NoSuchKey', '1', 'NotSupported'],
  ] as const)('%s to "%s" is %s', (key, value, answer) => {
    expect(configuration({}).change(key, value)).toBe(answer);
  });

  test('a list may be as long as its key says', () => {
    const settings = configuration({ MeterValuesSampledDataMaxLength: '1' });
    expect(settings.change('MeterValuesSampledData', 'SoC,Voltage')).toBe('Rejected');
    expect(settings.change('MeterValuesSampledData', 'SoC')).toBe('Accepted');
  });

  test('what needs a reboot holds after it', () => {
    const settings = configuration({});
    settings.change('ConnectorPhaseRotation', '1.RTS');
    expect(settings.text('ConnectorPhaseRotation')).toBe('0.RST,1.RST');
    settings.restarted();
    expect(settings.text('ConnectorPhaseRotation')).toBe('1.RTS');
  });
});

describe('reading keys', () => {
  test('all without a name, unknown ones named, secrets never told', () => {
    const settings = configuration({ AuthorizationKey: '0123456789abcdef', VendorKey: 'x' });
    const all = settings.report([]).configurationKey;
    expect(all.length).toBeGreaterThan(40);
    expect(all.find(({ key }) => key === 'VendorKey')).toEqual({ key: 'VendorKey', readonly: false, value: 'x' });
    expect(all.find(({ key }) => key === 'AuthorizationKey')).toBeUndefined();
    expect(settings.report(['heartbeatinterval', 'Nope', 'AuthorizationKey'])).toEqual({
      configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }],
      unknownKey: ['Nope'],
    });
  });

  test('a make may lack keys, and have others', () => {
    const settings = configuration(
      {},
      { HeartbeatInterval: undefined, StaticLimit: { value: '6000', readonly: true } },
    );
    expect(settings.report(['HeartbeatInterval', 'StaticLimit'])).toEqual({
      configurationKey: [{ key: 'StaticLimit', readonly: true, value: '6000' }],
      unknownKey: ['HeartbeatInterval'],
    });
    expect(settings.change('HeartbeatInterval', '1')).toBe('NotSupported');
  });
});
