'use strict';

/**
 * Reserves a number, opens Embedded Signup with it, and reports to the gateway what happened there. The address ends with
 * `#` and the token of a session, which a server gets from `/signup/config`; or with `?customer=`, where a proxy adds an
 * API key.
 *
 * @typedef {{ appId: string, graphVersion: string, sdk: string, origins: string[], gateway: string }} Settings
 * @typedef {{ token: string, expiresAt: string, config: object }} Session
 * @typedef {{ text: string, mood?: 'good' | 'trouble', button?: string }} Phase
 * @typedef {{ type?: unknown, event?: unknown, data?: { error_message?: unknown } | null }} SessionMessage
 */
{
  const status = /** @type {HTMLElement} */ (document.querySelector('#status'));
  const action = /** @type {HTMLButtonElement} */ (document.querySelector('#action'));
  const codeButton = /** @type {HTMLButtonElement} */ (document.querySelector('#show-code'));
  const codeOutput = /** @type {HTMLOutputElement} */ (document.querySelector('#code'));
  const errorText = /** @type {HTMLElement} */ (document.querySelector('#error'));
  /** @type {unknown} */
  const given = JSON.parse(document.querySelector('#settings')?.textContent ?? '{}');
  const settings = /** @type {Settings} */ (given);

  /** @type {Session} */
  let session;
  /** Whether a message of the popup said how it ended: the callback of `FB.login` then has nothing to add. */
  let over = false;
  /** Runs from the callback until that message comes, in which order Meta does not say. It may never come. */
  let waiting = 0;
  const longestWait = 20_000;

  /** @type {Record<string, Phase>} */
  const phases = {
    loading: { text: 'One moment…' },
    ready: {
      text: 'A phone number is reserved for you. Sign in with Facebook to choose it for your business.',
      button: 'Continue with Facebook',
    },
    open: { text: 'Please go on in the window that has opened.' },
    finishing: { text: 'Waiting for Facebook to say how it ended…' },
    unknown: {
      text: 'Facebook has not told us how it ended. If you finished, your number will be connected within the hour, and you can close this page. If not, open the window again.',
      button: 'Open it again',
    },
    saving: { text: 'Saving your answer. Please keep this page open.' },
    done: { text: 'Done. Your number is being connected; you can close this page.', mood: 'good' },
    doneWithoutNumber: {
      text: 'Your WhatsApp Business account is set up, without a number so far. You can close this page.',
      mood: 'good',
    },
    cancelled: {
      text: 'You have cancelled, and the number is free for others again.',
      button: 'Start again',
    },
    closed: {
      text: 'The window is closed, or your browser has not let it open. If you had not finished, open it again.',
      button: 'Open it again',
    },
    unsaved: {
      text: 'Your answer could not be saved here. If you finished, we hear of it from Facebook within the hour.',
      mood: 'trouble',
    },
    noneFree: {
      text: 'No number can be given to you at the moment. Please try again in some minutes.',
      mood: 'trouble',
      button: 'Try again',
    },
    invalid: {
      text: 'This link has expired, or is not complete. Please ask for a new one where you found it.',
      mood: 'trouble',
    },
    blocked: {
      text: "Facebook's part of this page did not load. Please allow it in your browser, and load the page again.",
      mood: 'trouble',
    },
  };
  let phase = 'loading';

  function show(/** @type {string} */ next) {
    phase = next;
    const { text = '', mood = '', button = '' } = phases[phase] ?? {};
    status.textContent = text;
    status.dataset['mood'] = mood;
    document.body.dataset['phase'] = phase;
    action.textContent = button;
    action.hidden = button === '';
  }

  /** Forgets what an earlier popup said. */
  function begin() {
    over = false;
    clearTimeout(waiting);
    errorText.textContent = '';
    codeOutput.textContent = '';
    codeOutput.classList.remove('shown');
  }

  /** Reserves a number. The token stays in the address: after a cancellation it is used again. */
  async function load() {
    show('loading');
    begin();
    const token = location.hash.slice(1);
    const answer = await fetch(`${settings.gateway}/signup/config${location.search}`, {
      headers: token === '' ? {} : { authorization: `Bearer ${token}` },
    }).catch(() => null);
    if (answer?.ok !== true) {
      show(answer === null || answer.status === 429 || answer.status >= 500 ? 'noneFree' : 'invalid');
      return;
    }
    /** @type {unknown} */
    const given = await answer.json();
    session = /** @type {Session} */ (given);
    await sdk.then(
      () => show('ready'),
      () => show('blocked'),
    );
  }

  function openPopup() {
    if (Date.now() >= Date.parse(session.expiresAt)) {
      void load();
      return;
    }
    begin();
    show('open');
    // The callback brings a code for an access token, which only a server with the app's secret can exchange.
    FB.login(({ authResponse }) => {
      if (over) return;
      show(authResponse === null ? 'closed' : 'finishing');
      if (authResponse !== null) waiting = setTimeout(() => show('unknown'), longestWait);
    }, session.config);
  }

  /** Tries until the gateway has accepted it; each try outlives the page, which may be closed meanwhile. */
  async function save(/** @type {unknown} */ message) {
    const body = JSON.stringify({ token: session.token, message });
    for (let wait = 1000; ; wait = Math.min(wait * 2, 15_000)) {
      const answer = await fetch(`${settings.gateway}/signup/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        keepalive: true,
      }).catch(() => null);
      if (answer !== null && answer.status !== 429 && answer.status < 500) return answer.ok;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /** A number that has lapsed is verified with a code that only the gateway receives. It is answered once, and stays here. */
  async function showCode() {
    codeButton.disabled = true;
    const answer = await fetch(`${settings.gateway}/signup/code`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: session.token }),
    }).catch(() => null);
    codeButton.disabled = false;
    if (answer?.ok === true) {
      /** @type {unknown} */
      const given = await answer.json();
      codeOutput.textContent = /** @type {{ code: string }} */ (given).code;
      codeOutput.classList.add('shown');
    } else if (!codeOutput.classList.contains('shown')) {
      codeOutput.textContent = withoutCode[answer?.status ?? 0] ?? withoutCode[0] ?? '';
    }
  }

  /** By what the gateway answered. @type {Record<number, string>} */
  const withoutCode = {
    0: 'The code could not be shown. Please try again in a minute.',
    401: 'The number is not reserved for you any more.',
    404: 'The number is not reserved for you any more.',
    410: 'The number is not reserved for you any more.',
    409: 'No code has come yet. It may take a minute: then press again.',
  };

  /** The phase in which a message ends the signup; `null` where it goes on. @param {SessionMessage} message @returns {string | null} */
  function ending({ event }) {
    if (event === 'CANCEL') return 'cancelled';
    if (typeof event !== 'string' || !event.startsWith('FINISH')) return null;
    return event === 'FINISH_ONLY_WABA' ? 'doneWithoutNumber' : 'done';
  }

  async function hear(/** @type {SessionMessage} */ message) {
    const words = message.data?.error_message;
    if (typeof words === 'string') errorText.textContent = `Facebook says: ${words.slice(0, 500)}`;
    const end = ending(message);
    if (end === null) {
      await save(message);
      return;
    }
    over = true;
    clearTimeout(waiting);
    show('saving');
    show((await save(message)) ? end : 'unsaved');
  }

  /** The SDK posts other messages, and so does whoever has a window of this page: they are not meant for us. */
  addEventListener('message', ({ origin, data }) => {
    if (!settings.origins.includes(origin)) return;
    const message = read(data);
    if (message?.type === 'WA_EMBEDDED_SIGNUP') void hear(message);
  });

  /** As in the gateway's body.ts: JSON.parse would round an ID of 16 digits and more that is written as a number. */
  const stringOrNumber = /"[^"\\]*(?:\\[^][^"\\]*)*"|-?\d[\d.eE+-]*/g;
  const quoteLongInteger = (/** @type {string} */ token) =>
    /^[1-9]\d{15,}$/.test(token) ? `"${token}"` : token;

  /** @returns {SessionMessage | null} */
  function read(/** @type {unknown} */ posted) {
    if (typeof posted === 'object') return posted;
    if (typeof posted !== 'string') return null;
    try {
      /** @type {unknown} */
      const message = JSON.parse(posted.replace(stringOrNumber, quoteLongInteger));
      return /** @type {SessionMessage | null} */ (message);
    } catch {
      return null;
    }
  }

  /** Resolves when Meta's SDK is there. An ad blocker may load an empty one in its place. @type {Promise<void>} */
  const sdk = new Promise((resolve, reject) => {
    setTimeout(reject, longestWait);
    window.fbAsyncInit = () => {
      FB.init({ appId: settings.appId, version: settings.graphVersion });
      resolve();
    };
    const script = document.createElement('script');
    script.src = settings.sdk;
    script.onerror = reject;
    document.head.append(script);
  });

  action.addEventListener('click', () => {
    if (phase === 'ready' || phase === 'closed' || phase === 'unknown') openPopup();
    else void load();
  });
  codeButton.addEventListener('click', () => void showCode());
  void load();
}
