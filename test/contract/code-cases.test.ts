import { readCode } from '../../contract/code';
import codes from '../cases/codes.json';

test.each(codes)('what the world sends by $via: $why', ({ text, code }) => {
  expect(readCode(text)).toBe(code);
});
