'use strict';

/**
 * The screens of Embedded Signup. Each names itself as Meta's `current_step` does, and can be left by Cancel. The number
 * is taken when the permissions are granted: closing the last screen counts as success.
 *
 * @typedef {{ message: object, code: string | null, signupMessage: 'beforeCallback' | 'afterCallback' | 'never' }} Granted
 */
{
  const query = new URLSearchParams(location.search);
  const forms = [...document.querySelectorAll('form')];
  const fault = /** @type {HTMLElement} */ (document.querySelector('#fault'));
  // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- the DOM's own type is any
  const page = /** @type {Window | null} */ (window.opener);
  const pageOrigin = query.get('opener') ?? '';

  let session = '';
  let step = 'BUSINESS_ACCOUNT_SELECTION';
  let businessName = '';
  /** @type {Granted | null} */
  let granted = null;

  const tellPage = (/** @type {object} */ message) => page?.postMessage(JSON.stringify(message), pageOrigin);
  // As the SDK's own messages: no JSON.
  const callBack = (/** @type {string | null} */ code) =>
    page?.postMessage(
      `cb=${query.get('callback') ?? ''}${code === null ? '' : `&code=${code}`}&is_canvas=false`,
      pageOrigin,
    );

  const cancelled = () => ({
    type: 'WA_EMBEDDED_SIGNUP',
    version: '3',
    event: 'CANCEL',
    data: { current_step: step },
  });

  function succeed() {
    if (granted === null) return;
    const { message, code, signupMessage } = granted;
    granted = null;
    if (signupMessage === 'beforeCallback') tellPage(message);
    callBack(code);
    if (signupMessage === 'afterCallback') tellPage(message);
  }

  function show(/** @type {string} */ next) {
    step = next;
    fault.textContent = '';
    for (const form of forms) form.classList.toggle('shown', form.dataset['step'] === step);
  }

  /** @param {string} path @param {object} body @returns {Promise<unknown>} */
  async function ask(path, body) {
    const response = await fetch(`/signup-popup/${path}`, { method: 'POST', body: JSON.stringify(body) });
    const answer = /** @type {unknown} */ (await response.json());
    if (!response.ok) throw new Error(/** @type {{ error: string }} */ (answer).error);
    return answer;
  }

  async function begin() {
    const options = /** @type {unknown} */ (JSON.parse(query.get('options') ?? '{}'));
    const { id, offered } = /** @type {{ id: string, offered: string | null }} */ (
      await ask('sessions', { options, appId: query.get('app_id') ?? '' })
    );
    session = `sessions/${id}`;
    const label = /** @type {HTMLElement} */ (document.querySelector('#offered'));
    label.hidden = offered === null;
    label.append(offered ?? '');
    const first = document.querySelector(`[value=${offered === null ? 'own' : 'preverified'}]`);
    /** @type {HTMLInputElement} */ (first).checked = true;
    show(step);
  }

  /** What a screen does when it is left. @param {Record<string, FormDataEntryValue>} form @returns {Promise<string>} the next one */
  async function leave(form) {
    switch (step) {
      case 'BUSINESS_ACCOUNT_SELECTION':
        businessName = /** @type {string} */ (form['businessName']);
        return 'WABA_PHONE_PROFILE_PICKER';
      case 'WABA_PHONE_PROFILE_PICKER':
        return 'WHATSAPP_BUSINESS_PROFILE_SETUP';
      case 'WHATSAPP_BUSINESS_PROFILE_SETUP':
        return 'PHONE_NUMBER_SETUP';
      case 'PHONE_NUMBER_SETUP': {
        const { codeSent } = /** @type {{ codeSent: boolean }} */ (await ask(`${session}/number`, form));
        return codeSent ? 'PHONE_NUMBER_VERIFICATION' : 'PERMISSIONS';
      }
      case 'PHONE_NUMBER_VERIFICATION':
        await ask(`${session}/code`, form);
        return 'PERMISSIONS';
      case 'PERMISSIONS':
        granted = /** @type {Granted} */ (await ask(`${session}/permissions`, { businessName }));
        return 'DONE';
      default:
        succeed();
        close();
        return step;
    }
  }

  const complain = (/** @type {unknown} */ error) => {
    fault.textContent = /** @type {Error} */ (error).message;
  };
  for (const form of forms) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      leave(Object.fromEntries(new FormData(form))).then(show, complain);
    });
  }
  document.querySelector('#cancel')?.addEventListener('click', () => {
    if (granted === null) tellPage(cancelled());
    close();
  });
  addEventListener('pagehide', succeed);
  begin().catch(complain);
}
