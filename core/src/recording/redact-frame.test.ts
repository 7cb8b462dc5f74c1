import { describe, expect, test } from 'vitest';
import { createFrameRedactor } from './redact-frame.ts';

describe('a recorded frame', () => {
  test('the same token is the same pseudonym, however it is written', () => {
    const redacted = createFrameRedactor();
    expect(redacted('[2,"1","Authorize",{"idTag":"04A2B3C4D5"}]')).toBe('[2,"1","Authorize",{"idTag":"TOKEN-1"}]');
    expect(redacted('[2,"2","Authorize",{"idTag" : "04:a2:b3:c4:d5"}]')).toBe(
      '[2,"2","Authorize",{"idTag" : "TOKEN-1"}]',
    );
    expect(redacted('[2,"3","Authorize",{"idTag":"OTHER0001"}]')).toBe('[2,"3","Authorize",{"idTag":"TOKEN-2"}]');
    expect(redacted('[3,"1",{"idTagInfo":{"status":"Accepted","parentIdTag":"GROUP00001"}}]')).toContain('"TOKEN-3"');
  });

  test('everything else stays byte for byte: numbers, blanks, what is not JSON', () => {
    const redacted = createFrameRedactor();
    const odd = '[2, "1","StopTransaction", {"transactionId":9223372036854775807,"meterStop":1.50,"transactionId":,}';
    expect(redacted(odd)).toBe(odd);
    expect(redacted('[2,"1","StartTransaction",{"idTag":"04A2B3C4D5","meterStart":,')).toBe(
      '[2,"1","StartTransaction",{"idTag":"TOKEN-1","meterStart":,',
    );
  });

  test('a token of numbers, of a 2.x object, and one with the serial of its box behind it', () => {
    const redacted = createFrameRedactor();
    expect(redacted('[2,"1","Authorize",{"idTag":12345678}]')).toBe('[2,"1","Authorize",{"idTag":"TOKEN-1"}]');
    expect(redacted('[2,"2","Authorize",{"idToken":{"idToken":"NL-ABC-123456","type":"eMAID"}}]')).toBe(
      '[2,"2","Authorize",{"idToken":{"idToken":"TOKEN-2","type":"eMAID"}}]',
    );
    expect(redacted('[2,"3","Authorize",{"idTag":"04A2B3C4D5_21093456"}]')).toContain('"TOKEN-3_21093456"');
  });

  test('a token that was seen is taken out of free text too', () => {
    const redacted = createFrameRedactor();
    redacted('[2,"1","Authorize",{"idTag":"04A2B3C4D5"}]');
    expect(redacted('[2,"2","DataTransfer",{"vendorId":"V","data":"card=04A2B3C4D5;1"}]')).toBe(
      '[2,"2","DataTransfer",{"vendorId":"V","data":"card=TOKEN-1;1"}]',
    );
  });

  test.each([
    '{"key":"AuthorizationKey","value":"0011223344556677"}',
    '{"value":"0011223344556677","readonly":false,"key":"AuthorizationKey"}',
    '{"key":"AuthorizationKey","value":"{0011223344556677}"}',
    '{"password":"0011223344556677"}',
    '{"nested":[{"key":"authorizationkey","value":"}0011223344556677"}]}',
    '{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"0011223344556677"',
    '{"configurationKey":[{"key":"AuthorizationKey",,"x":{}"value":"0011223344556677"}',
  ])('a password is not told: %s', (payload) => {
    expect(createFrameRedactor()(`[2,"1","ChangeConfiguration",${payload}]`)).not.toContain('0011223344556677');
  });
});
