import { invalidParameter } from '../../graph-error';
import { requestCode, verifyCode, type Verifiable } from '../../meta/codes';
import type { CodeMethod } from '../../phone-network/phone-network';
import { call, success, type GraphRequest } from '../call';

function sendCode(target: Verifiable, { meta, parameters }: GraphRequest) {
  const method = readMethod(parameters.required('code_method'), meta.assumptions.ivrMethod);
  requestCode(meta, target, method, parameters.required('language'));
  return success;
}

function takeCode(target: Verifiable, { meta, parameters }: GraphRequest) {
  verifyCode(meta, target, parameters.matching('code', /^\d{6}$/, 'six digits'));
  return success;
}

function readMethod(text: string, ivr: 'voice' | 'refused'): CodeMethod {
  if (text === 'SMS' || text === 'VOICE') return text;
  if (text === 'IVR' && ivr === 'voice') return 'VOICE';
  throw invalidParameter('Param code_method must be one of {SMS, VOICE}');
}

/** The same two calls verify a pre-verified number and, after its 90 days lapsed, a business phone number. */
export const codeCalls = [
  call('request_code', ['POST', 'preverified', 'request_code'], sendCode),
  call('request_code', ['POST', 'phone', 'request_code'], sendCode),
  call('verify_code', ['POST', 'preverified', 'verify_code'], takeCode),
  call('verify_code', ['POST', 'phone', 'verify_code'], takeCode),
];
