import { canonicalDigits, writtenForms } from '../../contract/phone-number';

test.each([
  ['5215550123401', '525550123401', 'Mexico with the 1 and without it'],
  ['5491150123403', '541150123403', 'Argentina with the 9 and without it'],
  ['5585991234503', '558591234503', 'Brazil with the ninth digit and without it'],
])('%s and %s are one number: %s', (long, short) => {
  expect(canonicalDigits(long)).toBe(canonicalDigits(short));
  expect(writtenForms(long)).toEqual([long, short]);
  expect(writtenForms(short)).toEqual([short, long]);
});

test.each([
  ['551131234505', '5511931234505', 'a Brazilian landline has no ninth digit'],
  ['15550783920', '115550783920', 'elsewhere a digit more is another number'],
])('%s and %s are two numbers: %s', (one, other) => {
  expect(canonicalDigits(one)).not.toBe(canonicalDigits(other));
  expect(writtenForms(one)).toEqual([one]);
});
