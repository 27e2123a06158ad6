import { assertDefined } from './assert-defined';
import { codeTarget } from './deadlines';
import type { ActionArgs } from './events';

/** The chart's children: each is one activity, asked with what the number knows at that moment. */
export const calls = {
  addNumber: {
    src: 'addNumber',
    id: 'addNumber',
    input: ({ context }: ActionArgs) => ({
      portfolioId: context.portfolioId,
      phoneNumber: context.phoneNumber,
    }),
  },
  requestCode: {
    src: 'requestCode',
    id: 'requestCode',
    input: ({ context }: ActionArgs) => ({
      target: codeTarget(context),
      method: assertDefined(context.code).method,
      language: assertDefined(context.code).language,
    }),
  },
  verifyCode: {
    src: 'verifyCode',
    id: 'verifyCode',
    input: ({ context }: ActionArgs) => ({
      target: codeTarget(context),
      code: assertDefined(assertDefined(context.code).submitted),
      verifiedBefore: context.verifiedAt,
    }),
  },
  confirmClaim: {
    src: 'confirmClaim',
    id: 'confirmClaim',
    input: ({ context }: ActionArgs) => ({
      phoneNumber: context.phoneNumber,
      wabaId: context.reportedClaims[0]?.wabaId,
      phoneNumberId: context.reportedClaims[0]?.phoneNumberId ?? null,
      preverifiedId: context.preverifiedId,
      portfolioId: context.portfolioId,
      sharedWith: context.sharedWith,
    }),
  },
  claimNumber: {
    src: 'claimNumber',
    id: 'claimNumber',
    input: ({ context }: ActionArgs) => ({
      phoneNumber: context.phoneNumber,
      preverifiedId: context.preverifiedId,
      wabaId: context.claiming?.wabaId,
      verifiedName: context.claiming?.verifiedName,
    }),
  },
  registerNumber: {
    src: 'registerNumber',
    id: 'registerNumber',
    input: ({ context }: ActionArgs) => ({
      phoneNumberId: context.claim?.phoneNumberId,
      wabaId: context.claim?.wabaId,
      pin: context.pin,
      dataLocalizationRegion: context.dataLocalizationRegion,
    }),
  },
  changeSharing: {
    src: 'changeSharing',
    id: 'changeSharing',
    input: ({ context }: ActionArgs) => ({
      ...assertDefined(context.sharing[0]),
      portfolioId: context.portfolioId,
      preverifiedId: context.preverifiedId,
    }),
  },
  readNumber: {
    src: 'readNumber',
    id: 'readNumber',
    input: ({ context }: ActionArgs) => ({ preverifiedId: context.preverifiedId }),
  },
  removeNumber: {
    src: 'removeNumber',
    id: 'removeNumber',
    input: ({ context }: ActionArgs) => ({
      portfolioId: context.portfolioId,
      preverifiedId: context.preverifiedId,
      sharedWith: context.sharedWith,
    }),
  },
} as const;
