import type { Business } from '../meta/business';
import type { BusinessPhoneNumber } from '../meta/business-phone-number';
import type { CreditLine, CreditShare } from '../meta/credit-line';
import type { GraphNode, Meta } from '../meta/meta';
import { whyMute } from '../meta/messaging';
import { nameStatus } from '../meta/display-name';
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
    case 'creditLine':
      return creditLineView(meta, node);
    case 'creditShare':
      return creditShareView(meta, node);
  }
}

const businessView = ({ id, name }: Business): View => ({
  typeName: 'Business',
  fields: { id, name },
  shownByDefault: ['id', 'name'],
});

function wabaView(meta: Meta, waba: Waba): View {
  const { id, name, ownerBusinessId, fundingId, currency } = waba;
  const owner = ownerBusinessId === null ? undefined : summary(meta.business(ownerBusinessId));
  return {
    typeName: 'WhatsAppBusinessAccount',
    fields: {
      ...{ id, name, owner_business: owner, owner_business_info: owner },
      primary_funding_id: fundingId ?? undefined,
      currency: currency ?? undefined,
    },
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
      name_status: nameStatus(meta, node),
      new_name_status: node.newName?.status ?? 'NONE',
      quality_rating: registered ? 'GREEN' : 'UNKNOWN',
      throughput: { level: registered ? 'STANDARD' : 'NOT_APPLICABLE' },
      account_mode: 'LIVE',
      health_status: { can_send_message: whyMute(meta, node) === null ? 'AVAILABLE' : 'BLOCKED' },
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

const creditLineView = (meta: Meta, { id, portfolioId, legalEntityName }: CreditLine): View => ({
  typeName: 'ExtendedCredit',
  fields: { id, legal_entity_name: legalEntityName, owner_business: summary(meta.business(portfolioId)) },
  shownByDefault: ['id', 'legal_entity_name'],
});

const creditShareView = (meta: Meta, share: CreditShare): View => ({
  typeName: 'ExtendedCreditAllocationConfig',
  fields: {
    id: share.id,
    owning_business: summary(meta.business(share.line.portfolioId)),
    receiving_business: summary(meta.business(share.receivingBusinessId)),
    receiving_credential: { id: share.credentialId },
    request_status: share.requestStatus(meta.clock.now()),
  },
  shownByDefault: ['id', 'receiving_business'],
});

const summary = ({ id, name }: Business) => ({ id, name });
