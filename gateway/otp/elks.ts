import * as v from 'valibot';
import { read } from '../body';
import { basicAuthDemanded, hasBasicAuth } from './basic-auth';
import type { Carrier } from './carrier';

const Sms = v.object({ id: v.string(), from: v.optional(v.string()), to: v.string(), message: v.string() });

/**
 * 46elks signs nothing: the user name and password stand in the address that it calls, and it sends them as HTTP Basic
 * authentication. Forms; calls bring no text. https://46elks.com/docs/receive-sms
 */
export const elks: Carrier = {
  name: '46elks',
  path: '/otp/46elks',
  demands: basicAuthDemanded,
  isProvedBy: hasBasicAuth,
  read({ content }) {
    if (typeof content !== 'object' || content === null || !('message' in content)) return [];
    const { id, from, to, message } = read(content, Sms);
    return [{ to, from: from ?? null, text: message, method: 'SMS', id }];
  },
};
