import * as v from 'valibot';
import { isTrue } from './parsers';

const NOT =
  /\b(not|never|no|without|unchanged|kept|keeps?|still|remains?|existing|ignored|skipped)\b|n['’]t\b/i;

/**
 * The answer to a registration. A number that is registered already keeps its PIN in the new account model, and the
 * answer says so (docs/rules.md, Embedded Signup). In which field is documented nowhere, so every field that speaks of a
 * PIN is read.
 *
 * `pinSet`: whether the PIN that was sent is the number's now.
 */
export const RegisterAnswer = v.pipe(
  v.looseObject({ success: v.custom(isTrue) }),
  v.transform((answer) => ({ pinSet: !saysNotSet(answer) })),
);

function saysNotSet(fields: object): boolean {
  return Object.entries(fields).some(([name, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null) return saysNotSet(value);
    const said = `${inWords(name)} ${typeof value === 'string' ? inWords(value) : ''}`;
    if (!/\bpin\b/i.test(said)) return false;
    // `pin_reset: false` and `pin_unchanged: true` are the same.
    return isYesOrNo(value) ? isTrue(value) === NOT.test(inWords(name)) : NOT.test(said);
  });
}

/** `pinWasReset`, `pin_was_reset` and `PIN_NOT_RESET` as words. */
const inWords = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/_/g, ' ');

const isYesOrNo = (value: unknown) => /^(true|false|0|1)$/i.test(String(value).trim());
