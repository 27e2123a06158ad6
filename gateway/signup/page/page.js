'use strict';

/**
 * Reserves a number, opens Embedded Signup with it, and reports to the gateway what happened there. The address ends with
 * `#` and the token of a session, which a server gets from `/signup/config`; or with `?customer=`, where a proxy adds an
 * API key.
 *
 * @typedef {{ appId: string, graphVersion: string, sdk: string, origins: string[], gateway: string, exchanges: boolean,
 *   texts: Record<string, string> }} Settings
 * @typedef {{ token: string, expiresAt: string, phoneNumber: string, config: object }} Session
 * @typedef {{ mood?: 'good' | 'trouble', button?: string }} Phase
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

  /** @type {Session | undefined} */
  let session;
  /** Counts the popups and what begins them anew: the callback of an earlier one may come late. */
  let attempt = 0;
  /** Whether a message of the popup said how it ended: the callback of `FB.login` then has nothing to add. */
  let over = false;
  /** Runs from the callback until that message comes, in which order Meta does not say. It may never come. */
  let waiting = 0;
  const longestWait = 20_000;
  const callbackWithin = 3_000;
  const codeLife = 30_000;
  /** The phase that the popup's last message leads to; `null` until it is saved. @type {string | null} */
  let end = null;
  /** What became of the callback's code; `null` until it comes. @type {'none' | 'pending' | 'kept' | 'late' | null} */
  let code = null;

  /** What is shown, and what the button says. @type {Record<string, Phase>} */
  const phases = {
    loading: {},
    ready: { button: 'continue' },
    open: {},
    finishing: {},
    unknown: { button: 'openAgain' },
    saving: {},
    done: { mood: 'good' },
    doneWithoutNumber: { mood: 'good' },
    cancelled: { button: 'startAgain' },
    closed: { button: 'openAgain' },
    unsaved: { mood: 'trouble' },
    codeExpired: { mood: 'trouble', button: 'signInAgain' },
    noneFree: { mood: 'trouble', button: 'tryAgain' },
    invalid: { mood: 'trouble' },
    blocked: { mood: 'trouble' },
  };
  let phase = 'loading';

  /** In the visitor's language; what is filled in keeps its own direction among words from right to left. */
  const text = (/** @type {string} */ name, filled = '') =>
    (settings.texts[name] ?? '').replace(/\{\w+\}/, () =>
      document.documentElement.dir === 'rtl' ? `\u2068${filled}\u2069` : filled,
    );

  function show(/** @type {string} */ next) {
    phase = next;
    const { mood = '', button = '' } = phases[phase] ?? {};
    status.textContent = text(phase, session?.phoneNumber.replaceAll(' ', '\u00a0'));
    status.dataset['mood'] = mood;
    document.body.dataset['phase'] = phase;
    action.textContent = button === '' ? '' : text(button);
    action.hidden = button === '';
  }

  /** Forgets what an earlier popup said. */
  function begin() {
    attempt += 1;
    end = code = null;
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
    // Who signs in again after a late code has their number already.
    if (!session || (phase !== 'codeExpired' && Date.now() >= Date.parse(session.expiresAt))) {
      void load();
      return;
    }
    begin();
    show('open');
    const own = attempt;
    FB.login(({ authResponse }) => {
      const { code: brought } = authResponse ?? {};
      // The customer has begun again: that an earlier popup is closed says nothing of this one.
      if (own !== attempt && !brought) return;
      if (settings.exchanges && brought) void handIn(brought);
      else if (code === null) code = 'none';
      if (over) settle();
      else if (authResponse === null) show('closed');
      else if (code === 'none') {
        show('finishing');
        waiting = setTimeout(() => show('unknown'), longestWait);
      }
    }, session.config);
  }

  /** The code of the callback; a server with the app's secret exchanges it, and only within thirty seconds. */
  async function handIn(/** @type {string} */ brought) {
    const issuedAt = Date.now();
    code = 'pending';
    if (!over) show('saving');
    const status = await post('code-exchange', { code: brought }, issuedAt + codeLife);
    code = status !== null && status < 300 ? 'kept' : 'late';
    // The code alone is enough: Meta tells the gateway whose it is.
    if (end === null && !over) end = 'done';
    settle();
  }

  /** Shows how it ended, once both the message's and the code's fate are known. */
  function settle() {
    if (end === null || code === 'pending') return;
    if (code === null) {
      // The callback follows in a moment, unless the popup has gone without it.
      waiting = setTimeout(() => {
        code ??= 'none';
        settle();
      }, callbackWithin);
      show('saving');
      return;
    }
    clearTimeout(waiting);
    show(code === 'late' ? 'codeExpired' : end);
  }

  /** Requests that have no answer yet, for the case that the page is closed meanwhile. @type {Map<string, string>} */
  const unanswered = new Map();

  /**
   * Tries until the gateway has accepted or refused it; each try outlives the page.
   * @param {string} route @param {object} what @returns {Promise<number | null>} the status of the answer
   */
  async function post(route, what, until = Infinity) {
    const url = `${settings.gateway}/signup/${route}`;
    const body = JSON.stringify({ token: session?.token, ...what });
    for (let wait = 500; ; wait = Math.min(wait * 2, 15_000)) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        keepalive: true,
      }).catch(() => null);
      unanswered.delete(body);
      if (answer !== null && answer.status !== 429 && answer.status < 500) return answer.status;
      if (Date.now() + wait > until) return null;
      // Between two tries nothing is on its way.
      unanswered.set(body, url);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  addEventListener('pagehide', () => {
    for (const [body, url] of unanswered) navigator.sendBeacon(url, body);
  });

  /** A number that has lapsed is verified with a code that only the gateway receives. It is answered once, and stays here. */
  async function showCode() {
    codeButton.disabled = true;
    const answer = await fetch(`${settings.gateway}/signup/code`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: session?.token }),
    }).catch(() => null);
    codeButton.disabled = false;
    if (answer?.ok === true) {
      /** @type {unknown} */
      const given = await answer.json();
      codeOutput.textContent = /** @type {{ code: string }} */ (given).code;
      codeOutput.classList.add('shown');
    } else if (!codeOutput.classList.contains('shown')) {
      codeOutput.textContent = text(withoutCode[answer?.status ?? 0] ?? 'codeFailed');
    }
  }

  /** By what the gateway answered. @type {Record<number, string>} */
  const withoutCode = {
    0: 'codeFailed',
    401: 'codeNotReserved',
    404: 'codeNotReserved',
    410: 'codeNotReserved',
    409: 'codeNotYet',
  };

  /** The phase in which a message ends the signup; `null` where it goes on. @param {SessionMessage} message @returns {string | null} */
  function ending({ event }) {
    if (event === 'CANCEL') return 'cancelled';
    if (typeof event !== 'string' || !event.startsWith('FINISH')) return null;
    return event === 'FINISH_ONLY_WABA' ? 'doneWithoutNumber' : 'done';
  }

  async function hear(/** @type {SessionMessage} */ message) {
    const words = message.data?.error_message;
    if (typeof words === 'string') errorText.textContent = text('facebookSays', words.slice(0, 500));
    const ends = ending(message);
    if (ends === null) {
      await post('events', { message });
      return;
    }
    over = true;
    clearTimeout(waiting);
    show('saving');
    const status = await post('events', { message });
    end = status !== null && status < 300 ? ends : 'unsaved';
    // Who cancels gets no code.
    if (ends === 'cancelled' || !settings.exchanges) code ??= 'none';
    settle();
  }

  /** The SDK posts other messages, and so does whoever has a window of this page: they are not meant for us. */
  addEventListener('message', ({ origin, data }) => {
    if (!settings.origins.includes(origin)) return;
    const message = read(data);
    if (message?.type === 'WA_EMBEDDED_SIGNUP') void hear(message);
  });

  /** As in the gateway's body.ts: JSON.parse would round an ID of 16 digits and more that is written as a number. */
  const stringOrNumber = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|-?\d[\d.eE+-]*/g;
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
    if (['ready', 'closed', 'unknown', 'codeExpired'].includes(phase)) openPopup();
    else void load();
  });
  codeButton.addEventListener('click', () => void showCode());
  void load();
}
