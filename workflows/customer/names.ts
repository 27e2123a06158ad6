import type { CustomerProblem, KnownNumber } from './context';

/** The states of a display name with which a number cannot work as it should, or not for long. */
const troubled: Record<string, { text: string; whatToDo: string; needsPerson: boolean }> = {
  PENDING_REVIEW: {
    text: 'is in review at Meta',
    whatToDo: 'Nothing is needed: Meta takes hours to days.',
    needsPerson: false,
  },
  DECLINED: {
    text: 'was declined by Meta',
    whatToDo: 'The customer chooses another name for the number in WhatsApp Manager.',
    needsPerson: true,
  },
  EXPIRED: {
    text: 'has expired at Meta',
    whatToDo: 'The customer hands a name for the number in again, in WhatsApp Manager.',
    needsPerson: true,
  },
};

export const isTroubled = (nameStatus: string | null) => nameStatus !== null && nameStatus in troubled;

/** What is wrong with the numbers of a customer: one that stays mute, before a declined name, before one in review. */
export function nameProblem(numbers: readonly KnownNumber[], waitedLong: boolean): CustomerProblem | null {
  // Somebody else may have registered it.
  const mute = numbers.find(({ ended, status }) => ended && status !== 'CONNECTED');
  if (mute) {
    const { phoneNumber, phoneNumberId } = mute;
    return {
      code: 'NumberNotRegistered',
      message: `+${phoneNumber} is on the WABA and not registered, and its life with us has ended: nothing registers it by itself.`,
      whatToDo: `Register business phone number ${phoneNumberId} by a call of your own. Or have the customer delete the number in WhatsApp Manager, say so with "preverified records release +${phoneNumber} --reason …", and add it again. Then read the customer again with refresh.`,
      needsPerson: true,
    };
  }
  const registered = numbers.filter((number) => number.registered);
  const named = registered.filter(({ nameStatus }) => isTroubled(nameStatus));
  const worst = named.find(({ nameStatus }) => troubled[nameStatus ?? '']?.needsPerson) ?? named[0];
  const trouble = troubled[worst?.nameStatus ?? ''];
  if (worst && trouble) {
    const { text, whatToDo, needsPerson } = trouble;
    const message = `The display name of +${worst.phoneNumber} ${text}.`;
    return { code: `Name_${worst.nameStatus ?? ''}`, message, whatToDo, needsPerson };
  }
  const off = registered.find(({ status }) => status !== null && status !== 'CONNECTED');
  if (!off || !waitedLong) return null;
  return {
    code: `Number_${off.status ?? ''}`,
    message: `+${off.phoneNumber} is registered, and Meta shows it as ${off.status ?? ''} instead of CONNECTED.`,
    whatToDo: 'Look at the number in WhatsApp Manager; then read it again with refresh.',
    needsPerson: true,
  };
}
