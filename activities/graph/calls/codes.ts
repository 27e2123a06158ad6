import type { PhoneNumberId, PreverifiedId } from '../../../contract/ids';
import { Success } from '../parsers';
import type { Send } from '../send';

/** One-time codes: for a pre-verified number, or for a business phone number whose 90 days to register have lapsed. */
export const codeCalls = (send: Send) => ({
  /** `language` in `en_US` style. */
  async requestCode(
    id: PreverifiedId | PhoneNumberId,
    { method, language }: { method: 'SMS' | 'VOICE'; language: string },
  ): Promise<void> {
    await send(
      { method: 'POST', path: `${id}/request_code`, params: { code_method: method, language } },
      Success,
    );
  },

  /** `code`: six digits, no hyphen. */
  async verifyCode(id: PreverifiedId | PhoneNumberId, code: string): Promise<void> {
    await send({ method: 'POST', path: `${id}/verify_code`, params: { code } }, Success);
  },
});
