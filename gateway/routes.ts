import type { Settings } from '../settings';

/** A way in, and what opens it. */
export interface Intake {
  paths: readonly string[];
  /** The settings that are missing; it is open where there are none. */
  missing: readonly string[];
}

/** Every intake for messages that come by themselves. */
export function intakes({ webhooks }: Settings<'webhooks'>): Intake[] {
  const missing = (values: Readonly<Record<string, string | null>>) =>
    Object.entries(values).flatMap(([name, value]) => (value === null ? [name] : []));
  return [
    { paths: ['/otp/sms', '/otp/voice'], missing: missing({ TWILIO_AUTH_TOKEN: webhooks.twilioAuthToken }) },
    { paths: ['/otp'], missing: missing({ OTP_WEBHOOK_SECRET: webhooks.otpSecret }) },
    {
      paths: ['/webhooks/meta'],
      missing: missing({ META_APP_SECRET: webhooks.appSecret, META_VERIFY_TOKEN: webhooks.verifyToken }),
    },
  ];
}
