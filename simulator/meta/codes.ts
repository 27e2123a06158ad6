import { codeText } from '../phone-network/code-text';
import type { CodeMethod } from '../phone-network/phone-network';
import { GraphError } from '../graph-error';
import type { BusinessPhoneNumber } from './business-phone-number';
import type { Meta } from './meta';
import type { PreverifiedNumber } from './preverified-number';

/** Both kinds of number are verified in the same two steps. */
export type Verifiable = PreverifiedNumber | BusinessPhoneNumber;

/** Makes a code, which voids the one before, and sends it to the number. */
export function requestCode(meta: Meta, target: Verifiable, method: CodeMethod, language: string): void {
  const { assumptions, clock, network } = meta;
  const now = clock.now();
  const tooEarly = assumptions.earlyReverification === 'refused' && !target.takesCode(now);
  if (tooEarly) throw new GraphError('alreadyVerified');
  const to = target.number.digits;
  if (!network.canSend(to, method)) throw new GraphError('codeNotSent');
  const code = meta.codes.digits(6);
  target.codes.request(code, now, assumptions.codeRequestsPerHour);
  network.send({ to, method, language, text: codeText(method, code, assumptions.smsText) });
}

export function verifyCode(meta: Meta, target: Verifiable, code: string): void {
  const now = meta.clock.now();
  target.codes.use(code, now, meta.assumptions.wrongCodesAllowed);
  target.verify(now);
}
