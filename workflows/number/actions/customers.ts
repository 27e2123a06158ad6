import { assertDefined } from '../assert-defined';
import { message, timeOf, type ActionArgs } from '../events';
import type { ContextPatch } from './context-patch';

/** Whom the number is kept for, and which partners may offer it. */
export const customerActions = {
  /** The holder's own is extended and stays the same one. Whoever held the number before has another: by the count, and by the time where the number lives anew. */
  recordReservation: ({ context, event }: ActionArgs): ContextPatch => {
    const { customerId, ttl } = assertDefined(message(event, 'reserve'));
    const at = timeOf(event);
    const until = at + ttl;
    const { reservation: before, reservations } = context;
    if (before?.customerId === customerId) return { reservation: { ...before, until } };
    const id = `${String(reservations + 1)}-${String(at)}`;
    return { reservation: { id, customerId, until }, reservations: reservations + 1 };
  },
  endReservation: (): ContextPatch => ({ reservation: null }),

  queueSharing: ({ context, event }: ActionArgs): ContextPatch => {
    const { type: action, partnerBusinessId } = assertDefined(
      message(event, 'share') ?? message(event, 'unshare'),
    );
    return { sharing: [...context.sharing, { action, partnerBusinessId }] };
  },
  recordSharing: ({ context }: ActionArgs): ContextPatch => {
    const [first, ...sharing] = context.sharing;
    const { action, partnerBusinessId } = assertDefined(first);
    const others = context.sharedWith.filter((partner) => partner !== partnerBusinessId);
    // What was shared a moment before a customer took it, no partner has any more.
    const shared = action === 'share' && context.claim === null;
    return { sharing, sharedWith: shared ? [...others, partnerBusinessId] : others };
  },
  dropSharing: ({ context }: ActionArgs): ContextPatch => ({ sharing: context.sharing.slice(1) }),
};
