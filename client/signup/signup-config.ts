import type { PreverifiedId } from '../../contract/ids';

/** What Embedded Signup's forms are filled with, in Meta's own fields. */
export interface Prefill {
  business?: Record<string, unknown>;
  phone?: Record<string, unknown>;
  whatsAppBusinessAccount?: Record<string, unknown>;
}

export type SignupVersion =
  /** As Meta's page on pre-verified numbers shows it, with a scope (docs/rules.md, Embedded Signup). */
  | { version: 'document'; scope?: string; feature?: string }
  /** The second argument of `FB.login` with a Facebook Login for Business configuration. */
  | { version: 'v2'; configId: string }
  /** The same for the current version, of which it is not known whether it shows pre-verified numbers. */
  | { version: 'v4'; configId: string };

/**
 * The configuration of the signup popup that offers the numbers. Newer versions show only the first one.
 *
 * @returns plain JSON
 */
export function buildSignupConfig(
  ids: readonly PreverifiedId[],
  options: SignupVersion & Prefill,
): Record<string, unknown> {
  const { business, phone, whatsAppBusinessAccount } = options;
  const setup = {
    ...(business && { business }),
    ...(phone && { phone }),
    preVerifiedPhone: { ids },
    ...(whatsAppBusinessAccount && { whatsAppBusinessAccount }),
  };
  switch (options.version) {
    case 'document':
      return {
        scope: options.scope ?? 'business_management,whatsapp_business_management',
        extras: { feature: options.feature ?? 'whatsapp_embedded_signup', version: 2, setup },
      };
    case 'v2':
      return { ...login(options.configId), extras: { setup, featureType: '', sessionInfoVersion: '3' } };
    case 'v4':
      return { ...login(options.configId), extras: { setup } };
  }
}

const login = (configId: string) => ({
  config_id: configId,
  response_type: 'code',
  override_default_response_type: true,
});
