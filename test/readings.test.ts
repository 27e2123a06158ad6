import { readCode } from '../workflows/code';
import { readPhoneNumber } from '../workflows/phone-number';

describe('a one-time code is found in what the number received', () => {
  test.each([
    ['123456', '123456'],
    ['123-456', '123456'],
    ['WhatsApp code 123-456', '123456'],
    ['Your WhatsApp code 123-456. Do not share it.', '123456'],
    ['Verification code is 123456. Verification code is 123456. Verification code is 123456.', '123456'],
    ['Ihr WhatsApp-Code: 098 765', '098765'],
    ['Call +15550783881', null],
    ['12345', null],
    ['1234567', null],
    ['111-111 or 222-222', null],
    ['', null],
  ])('%s', (text, code) => {
    expect(readCode(text)).toBe(code);
  });
});

describe('a phone number is what is possible as E.164, compared by digits', () => {
  test.each([
    ['15550783881', '15550783881', 'US'],
    ['+1 211-555-5105', '12115555105', 'US'],
    ['+49 30 901820', '4930901820', 'DE'],
    ['+44 (20) 7946 0958', '442079460958', 'GB'],
  ])('%s', (text, digits, country) => {
    expect(readPhoneNumber(text)).toMatchObject({ digits, country });
  });

  test.each(['', 'abc', '123', '+1 555', '+999123456789', '1'.repeat(1_000_000), '15550783881; drop'])(
    'refuses %.20s',
    (text) => {
      expect(readPhoneNumber(text)).toBeNull();
    },
  );
});
