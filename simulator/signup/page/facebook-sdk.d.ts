/** What of Meta's JavaScript SDK is played. */
interface FacebookSdk {
  init(options: { appId: string; version: string }): void;
  login(
    callback: (response: { authResponse: { code: string } | null; status: string }) => void,
    options: unknown,
  ): void;
}
