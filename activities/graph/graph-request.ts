/** One call of the Graph API, as the words of Meta's reference have it. */
export interface GraphRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path behind the version: `106540352242922/request_code`. */
  path: string;
  params?: Readonly<Record<string, string | undefined>>;
  /** The call that makes a token has none to show. */
  withoutToken?: true;
}

/** How errors name a call: never with its parameters, for they hold codes and PINs. */
export const describeRequest = ({ method, path }: GraphRequest) => `${method} /${path}`;
