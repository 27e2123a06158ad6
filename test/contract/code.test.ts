import { readCode } from '../../contract/code';
import { readPhoneNumber } from '../../contract/phone-number';

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
    ['Your WhatsApp code: 123-456\n\nOr tap v.whatsapp.com/123456\n\n4sgLq1p5sV6', '123456'],
    ['验证码123456,请勿告诉他人', '123456'],
    ['Код 123–456. Никому не сообщайте', '123456'],
    ['Use 111-111 to sign in', '111111'],
    ['It expires in 10 minutes: 123 456', '123456'],
    ['123-456, valid for 10 minutes', '123456'],
    ['Aqui está um 123456', '123456'],
    ['Use this one 123-456', '123456'],
  ])('%s', (text, code) => {
    expect(readCode(text)).toBe(code);
  });
});

describe('digits of a code are read in any script, one by one and spelled out', () => {
  test.each([
    ['１２３-４５６', '123456'],
    ['رمزك ١٢٣-٤٥٦', '123456'],
    ['आपका कोड १२३ ४५६ है', '123456'],
    ['รหัส ๑๒๓๔๕๖', '123456'],
    ['1 2 3 4 5 6', '123456'],
    ['1 2 3 - 4 5 6', '123456'],
    ['1-2-3-4-5-6', '123456'],
    ['Your code is 1, 2, 3, 4, 5, 6.', '123456'],
    ['1. 2. 3. 4. 5. 6.', '123456'],
    ['123, 456', '123456'],
    ['12 34 56', '123456'],
    ['1 2 3 456', '123456'],
    ['1 2 3 4 5 6 1 2 3 4 5 6 1 2 3 4 5 6', '123456'],
    ['4, 5, 6. Code 1, 2, 3, 4, 5, 6. Code 1, 2', '123456'],
    ['4, 5, 6. 1, 2, 3, 4, 5, 6.', '123456'],
    ['one two three four five six', '123456'],
    ['One-two-three, four-five-six.', '123456'],
    ['One two double five oh nine', '125509'],
    ['triple zero, triple 7', '000777'],
    ['uno dos tres cuatro cinco seis', '123456'],
    ['um dois três, quatro cinco seis', '123456'],
    ['un, deux, trois, quatre, cinq, six', '123456'],
    ['eins zwei drei vier fünf null', '123450'],
    ['uno due tre quattro cinque sei', '123456'],
    ['один два три четыре пять шесть', '123456'],
    ['satu dua tiga empat lima enam', '123456'],
    ['एक दो तीन चार पांच छह', '123456'],
    ['واحد اثنان ثلاثة أربعة خمسة ستة', '123456'],
    ['您的验证码是一二三四五六', '123456'],
  ])('%s', (text, code) => {
    expect(readCode(text)).toBe(code);
  });
});

describe('what is no code, or more than one, is not guessed at', () => {
  test.each([
    ['one two three four five'],
    ['one two three four five six seven'],
    ['Call me at +49 30 901820'],
    ['Call +1 202555'],
    ['Call 030 901820'],
    ['Order AB-123456-7'],
    ['100,000 customers'],
    ['on 12-04-26 or 12.04.26'],
    ['1 2 3 4 5 6. 1 2 3 4 5 7.'],
    ['123456 123457'],
    ['123456123456'],
    ['٥٥٥٠٧٨٣٨٨١'],
  ])('%s', (text) => {
    expect(readCode(text)).toBeNull();
  });

  test('nor is time lost on a text made to take long', () => {
    const began = performance.now();
    for (const part of ['1 ', '1, ', '- ', 'one ', '1-', '+1 ']) readCode(part.repeat(2000));
    expect(performance.now() - began).toBeLessThan(1000);
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
