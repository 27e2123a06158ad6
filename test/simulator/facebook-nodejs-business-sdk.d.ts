/** Meta's SDK has no types; these are the parts that the tests drive. */
declare module 'facebook-nodejs-business-sdk' {
  type Params = Record<string, unknown>;
  type Fields = string[];

  class SdkObject {
    constructor(id: string);
    id: string;
    [field: string]: any;
  }

  interface Cursor extends Array<SdkObject> {
    hasNext(): boolean;
    next(): Promise<Cursor>;
    hasPrevious(): boolean;
    previous(): Promise<Cursor>;
  }

  export class FacebookAdsApi {
    static readonly GRAPH: string;
    static readonly VERSION: string;
    static init(accessToken: string, locale?: string, crashLog?: boolean): FacebookAdsApi;
    call(method: string, path: string[], params?: Params): Promise<any>;
  }

  export class Business extends SdkObject {
    createAddPhoneNumber(fields: Fields, params: Params): Promise<SdkObject>;
    getPreVerifiedNumbers(fields: Fields, params?: Params): Promise<Cursor>;
    createSharePreVerifiedNumber(fields: Fields, params: Params): Promise<SdkObject>;
    deleteSharePreVerifiedNumbers(params: Params): Promise<any>;
    getClientWhatsAppBusinessAccounts(fields: Fields, params?: Params): Promise<Cursor>;
    getExtendedCredits(fields: Fields, params?: Params): Promise<Cursor>;
  }

  export class WhatsAppBusinessPreVerifiedPhoneNumber extends SdkObject {
    createRequestCode(fields: Fields, params: Params): Promise<SdkObject>;
    createVerifyCode(fields: Fields, params: Params): Promise<SdkObject>;
    get(fields: Fields): Promise<SdkObject>;
    delete(fields: Fields): Promise<any>;
    getPartners(fields: Fields, params?: Params): Promise<Cursor>;
  }

  export class WhatsAppBusinessAccount extends SdkObject {
    createPhoneNumber(fields: Fields, params: Params): Promise<SdkObject>;
    getPhoneNumbers(fields: Fields, params?: Params): Promise<Cursor>;
    createSubscribedApp(fields: Fields, params?: Params): Promise<SdkObject>;
    getSubscribedApps(fields: Fields, params?: Params): Promise<Cursor>;
    deleteSubscribedApps(params?: Params): Promise<any>;
    get(fields: Fields): Promise<SdkObject>;
    createAssignedUser(fields: Fields, params: Params): Promise<SdkObject>;
    getAssignedUsers(fields: Fields, params?: Params): Promise<Cursor>;
  }

  export class ExtendedCredit extends SdkObject {
    createWhatsAppCreditSharingAndAttach(fields: Fields, params: Params): Promise<SdkObject>;
    getOwningCreditAllocationConfigs(fields: Fields, params?: Params): Promise<Cursor>;
  }

  export class ExtendedCreditAllocationConfig extends SdkObject {
    get(fields: Fields): Promise<SdkObject>;
    delete(fields: Fields): Promise<any>;
  }
}
