import type { ActionArgs } from './events';

const ofWaba = ({ context }: ActionArgs) => ({ wabaId: context.wabaId });

/** The chart's children: each is one activity, asked with what the customer's life knows at that moment. */
export const calls = {
  subscribeCustomer: { src: 'subscribeCustomer', id: 'subscribeCustomer', input: ofWaba },
  assignSystemUser: {
    src: 'assignSystemUser',
    id: 'assignSystemUser',
    input: ({ context }: ActionArgs) => ({ wabaId: context.wabaId, portfolioId: context.portfolioId }),
  },
  shareCreditLine: {
    src: 'shareCreditLine',
    id: 'shareCreditLine',
    input: ({ context }: ActionArgs) => ({ wabaId: context.wabaId, currency: context.currency }),
  },
  readCustomer: {
    src: 'readCustomer',
    id: 'readCustomer',
    input: ({ context }: ActionArgs) => ({
      wabaId: context.wabaId,
      phoneNumber: context.nowReading,
    }),
  },
  registerAgain: {
    src: 'registerAgain',
    id: 'registerAgain',
    input: ({ context }: ActionArgs) => ({
      wabaId: context.wabaId,
      phoneNumber: context.nowRegistering,
      phoneNumberId: context.numbers.find(({ phoneNumber }) => phoneNumber === context.nowRegistering)
        ?.phoneNumberId,
    }),
  },
  confirmDeparture: {
    src: 'confirmDeparture',
    id: 'confirmDeparture',
    input: ({ context }: ActionArgs) => ({
      wabaId: context.wabaId,
      portfolioId: context.portfolioId,
      event: context.report?.event,
    }),
  },
  revokeCreditLine: {
    src: 'revokeCreditLine',
    id: 'revokeCreditLine',
    input: ({ context }: ActionArgs) => ({
      wabaId: context.wabaId,
      portfolioId: context.portfolioId,
      businessId: context.businessId,
      allocationConfigId: context.allocationConfigId,
      mayBeShared: context.steps.creditLine.status === 'failed',
    }),
  },
  closeCustomer: {
    src: 'closeCustomer',
    id: 'closeCustomer',
    input: ({ context }: ActionArgs) => ({
      wabaId: context.wabaId,
      reason: context.leaving?.reason,
      by: context.leaving?.by ?? 'preverified',
      askedAt: context.leaving?.at,
    }),
  },
} as const;
