import type { PreverifiedId } from '../../contract/ids';

/** What Embedded Signup's forms are filled with, in Meta's own fields. */
export interface Prefill {
  business?: Record<string, unknown>;
  phone?: Record<string, unknown>;
  whatsAppBusinessAccount?: Record<string, unknown>;
}

export type SignupVersion =
  /** The second argument of `FB.login` with a Facebook Login for Business configuration, which decides what is asked. */
  | {
      version?: 'v4';
      configId: string;
      /** As Meta's builder offers it, `whatsapp_business_app_onboarding` for example; none by default. */
      featureType?: string;
      /**
       * `false` leaves the numbers out. Meta documents nowhere whether v4 shows them; where it does not, a customer can
       * still take one that you tell them.
       */
      preVerifiedPhone?: boolean;
    }
  /** The same for version 2, which Meta has deprecated. */
  | { version: 'v2'; configId: string }
  /** As Meta's page on pre-verified numbers shows it, with a scope (docs/rules.md, Embedded Signup): version 2 as well. */
  | { version: 'document'; scope?: string; feature?: string };

/** Of Embedded Signup; the first is the default. */
export const signupVersions = ['v4', 'v2', 'document'] as const;

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
  const withoutNumbers = {
    ...(business && { business }),
    ...(phone && { phone }),
    ...(whatsAppBusinessAccount && { whatsAppBusinessAccount }),
  };
  const setup = { ...withoutNumbers, preVerifiedPhone: { ids } };
  switch (options.version) {
    case 'document':
      return {
        scope: options.scope ?? 'business_management,whatsapp_business_management',
        extras: { feature: options.feature ?? 'whatsapp_embedded_signup', version: 2, setup },
      };
    case 'v2':
      return { ...login(options.configId), extras: { setup, featureType: '', sessionInfoVersion: '3' } };
    default: {
      const { configId, featureType = '', preVerifiedPhone = true } = options;
      return {
        ...login(configId),
        extras: { version: 'v4', setup: preVerifiedPhone ? setup : withoutNumbers, featureType },
      };
    }
  }
}

/** What to tell whoever uses a version that Meta has deprecated; `null` for v4. */
export function deprecationOf(version: SignupVersion['version'] = 'v4'): string | null {
  return {
    v4: null,
    v2: 'Meta deprecated version 2 of Embedded Signup on 15 October 2026: use v4.',
    document:
      "The document's shape is version 2 of Embedded Signup, which Meta deprecated on 15 October 2026: use v4.",
  }[version];
}

const login = (configId: string) => ({
  config_id: configId,
  response_type: 'code',
  override_default_response_type: true,
});
