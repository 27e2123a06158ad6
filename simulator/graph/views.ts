import type { Business } from '../meta/business';
import type { BusinessPhoneNumber } from '../meta/business-phone-number';
import type { GraphNode, Meta } from '../meta/meta';
import type { PreverifiedNumber } from '../meta/preverified-number';
import type { Waba } from '../meta/waba';
import type { View } from './fields';
import { writeTime } from './times';

/** How Meta shows an object now. */
export function viewOf(meta: Meta, node: GraphNode): View {
  switch (node.kind) {
    case 'business':
      return businessView(node);
    case 'waba':
      return wabaView(meta, node);
    case 'preverified':
      return preverifiedView(meta, node);
    case 'phone':
      return phoneView(meta, node);
  }
}

const businessView = ({ id, name }: Business): View => ({
  typeName: 'Business',
  fields: { id, name },
  shownByDefault: ['id', 'name'],
});

function wabaView(meta: Meta, waba: Waba): View {
  const { id, name, ownerBusinessId } = waba;
  const owner = ownerBusinessId === null ? undefined : summary(meta.business(ownerBusinessId));
  return {
    typeName: 'WhatsAppBusinessAccount',
    fields: { id, name, owner_business: owner, owner_business_info: owner },
    shownByDefault: ['id', 'name'],
  };
}

function preverifiedView(meta: Meta, node: PreverifiedNumber): View {
  const { assumptions } = meta;
  const names = fieldNames[assumptions.fieldNames];
  const { number, verification } = node;
  const written = { international: number.international, e164: `+${number.digits}`, digits: number.digits };
  const fields = {
    id: node.id,
    [names.phoneNumber]: written[assumptions.phoneNumbers],
    [names.status]: preverifiedStatus(meta, node),
    code_verification_time: writeTime(verification?.verifiedAt ?? null, assumptions),
    verification_expiry_time: writeTime(verification?.expiresAt ?? null, assumptions),
    owner_business: summary(meta.business(node.portfolioId)),
  };
  return {
    typeName: 'WhatsAppBusinessPreVerifiedPhoneNumber',
    fields: { ...withoutValue[assumptions.fieldNames], ...fields },
    shownByDefault: ['id', names.phoneNumber, names.status],
  };
}

const alternative = { phoneNumber: 'display_phone_number', status: 'verification_status' };
const fieldNames = {
  sdk: { phoneNumber: 'phone_number', status: 'code_verification_status' },
  alternative,
  alternativeOnly: alternative,
};

/** Names that may be asked for and have no value. */
const withoutValue = {
  sdk: {},
  alternative: { phone_number: undefined, code_verification_status: undefined },
  alternativeOnly: {},
};

/** Rule 2: VERIFIED until the expiry that Meta states, then another word until it is verified again. */
export function preverifiedStatus(meta: Meta, node: PreverifiedNumber): string {
  if (node.isVerified(meta.clock.now())) return 'VERIFIED';
  return node.verification === null ? 'NOT_VERIFIED' : meta.assumptions.lapsedStatus;
}

function phoneView(meta: Meta, node: BusinessPhoneNumber): View {
  const { registered, everRegistered, isPinEnabled } = node.registration;
  return {
    typeName: 'WhatsAppBusinessPhoneNumber',
    fields: {
      id: node.id,
      display_phone_number: node.number.international,
      verified_name: node.verifiedName,
      code_verification_status: node.isVerified(meta.clock.now()) ? 'VERIFIED' : 'NOT_VERIFIED',
      platform_type: registered ? 'CLOUD_API' : 'NOT_APPLICABLE',
      status: registered ? 'CONNECTED' : everRegistered ? 'DISCONNECTED' : 'PENDING',
      is_preverified_number: node.preverifiedId !== null,
      is_pin_enabled: isPinEnabled,
    },
    shownByDefault: [
      'id',
      'display_phone_number',
      'verified_name',
      'code_verification_status',
      'platform_type',
    ],
  };
}

const summary = ({ id, name }: Business) => ({ id, name });
