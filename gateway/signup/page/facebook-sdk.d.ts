/** What the page uses of Meta's JavaScript SDK. */
declare const FB: {
  init(options: { appId: string; version: string }): void;
  login(
    callback: (response: { authResponse: { code?: string } | null; status: string }) => void,
    options: object,
  ): void;
};

interface Window {
  fbAsyncInit?: () => void;
}
