'use strict';

/**
 * Stands for Meta's JavaScript SDK: as much of it as opens the signup popup. The answer comes as the SDK's own do, by a
 * message that is no JSON; a popup that closes without one is answered as one where nobody logged in.
 */
(() => {
  const { origin } = new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src);
  let appId = '';

  /** @type {FacebookSdk} */
  const FB = {
    init(options) {
      appId = options.appId;
    },
    login(callback, options) {
      const id = crypto.randomUUID();
      const query = new URLSearchParams({
        app_id: appId,
        callback: id,
        opener: location.origin,
        options: JSON.stringify(options),
      });
      const popup = open(
        `${origin}/signup-popup?${query.toString()}`,
        '_blank',
        'popup,width=560,height=720',
      );
      const settle = (/** @type {string | null} */ code) => {
        clearInterval(watching);
        removeEventListener('message', listen);
        callback(
          code === null
            ? { authResponse: null, status: 'unknown' }
            : { authResponse: { code }, status: 'connected' },
        );
      };
      const listen = (/** @type {MessageEvent<unknown>} */ { origin: from, data }) => {
        if (from !== origin || typeof data !== 'string' || !data.startsWith(`cb=${id}`)) return;
        settle(new URLSearchParams(data).get('code'));
      };
      addEventListener('message', listen);
      const watching = setInterval(() => {
        if (popup === null || popup.closed) settle(null);
      }, 200);
    },
  };
  Object.assign(window, { FB });
  /** @type {{ fbAsyncInit?: () => void }} */ (window).fbAsyncInit?.();
})();
