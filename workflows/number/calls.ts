import { codeTarget } from './deadlines';
import type { Moment } from './events';
import { known } from './known';

/** The chart's children: each is one activity, asked with what the number knows at that moment. */
export const calls = {
  addNumber: {
    src: 'addNumber',
    id: 'addNumber',
    input: ({ context }: Moment) => ({ portfolioId: context.portfolioId, phoneNumber: context.phoneNumber }),
  },
  requestCode: {
    src: 'requestCode',
    id: 'requestCode',
    input: ({ context }: Moment) => ({
      target: codeTarget(context),
      method: known(context.code).method,
      language: known(context.code).language,
    }),
  },
  verifyCode: {
    src: 'verifyCode',
    id: 'verifyCode',
    input: ({ context }: Moment) => ({
      target: codeTarget(context),
      code: known(known(context.code).submitted),
      verifiedBefore: context.verifiedAt,
    }),
  },
  confirmClaim: {
    src: 'confirmClaim',
    id: 'confirmClaim',
    input: ({ context }: Moment) => ({
      phoneNumber: context.phoneNumber,
      wabaId: context.claim?.wabaId,
      phoneNumberId: context.claim?.phoneNumberId ?? null,
      preverifiedId: context.preverifiedId,
      portfolioId: context.portfolioId,
      sharedWith: context.sharedWith,
    }),
  },
  claimNumber: {
    src: 'claimNumber',
    id: 'claimNumber',
    input: ({ context }: Moment) => ({
      phoneNumber: context.phoneNumber,
      preverifiedId: context.preverifiedId,
      wabaId: context.claiming?.wabaId,
      verifiedName: context.claiming?.verifiedName,
    }),
  },
  registerNumber: {
    src: 'registerNumber',
    id: 'registerNumber',
    input: ({ context }: Moment) => ({
      phoneNumberId: context.claim?.phoneNumberId,
      pin: context.pin,
      dataLocalizationRegion: context.dataLocalizationRegion,
    }),
  },
  removeNumber: {
    src: 'removeNumber',
    id: 'removeNumber',
    input: ({ context }: Moment) => ({
      portfolioId: context.portfolioId,
      preverifiedId: context.preverifiedId,
      sharedWith: context.sharedWith,
    }),
  },
} as const;
