import VoiceResponse from 'twilio/lib/twiml/VoiceResponse';

/** No instructions: Twilio is told that its message was taken. */
export const nothing = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

export const hangUp = twiml((call) => call.hangup());

/**
 * Answers the call that says a code, three times and without waiting for anybody: hears it out at once, and where no word is
 * understood, records the rest and has it transcribed.
 *
 * @param here the address that Twilio called, which it goes on to call; `?language=de-DE` is the language of the speech
 */
export const listen = (here: string) =>
  twiml((call) => {
    call.gather({
      input: ['speech'],
      action: here,
      method: 'POST',
      timeout: 10,
      speechTimeout: 'auto',
      language: languageIn(here),
      hints: 'verification code is, $OOV_CLASS_DIGIT_SEQUENCE',
      profanityFilter: false,
    });
    record(call, here);
  });

/** Records what the caller goes on to say and has it transcribed; the transcript comes to the same address. */
export const transcribe = (here: string) =>
  twiml((call) => {
    record(call, here);
  });

function record(call: VoiceResponse, here: string): void {
  call.record({
    action: here,
    method: 'POST',
    transcribe: true,
    transcribeCallback: here,
    // Twilio transcribes recordings of 2 to 120 seconds; the code is said three times in about twenty.
    maxLength: 60,
    timeout: 5,
    playBeep: false,
  });
}

function languageIn(address: string): never {
  const language = new URL(address).searchParams.get('language') ?? '';
  return (/^[a-z]{2,3}-[A-Za-z]{2,4}$/.test(language) ? language : 'en-US') as never;
}

function twiml(write: (call: VoiceResponse) => void): string {
  const call = new VoiceResponse();
  write(call);
  return call.toString();
}
