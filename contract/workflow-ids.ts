/** One life for each number: `number:15550783881`. */
export const workflowIdOf = (digits: string) => `number:${digits}`;

/** One life with us for each customer: `customer:102290129340398`. */
export const customerWorkflowIdOf = (wabaId: string) => `customer:${wabaId}`;

/** The other way round, of an ID that is a number's. */
export const digitsIn = (workflowId: string) => workflowId.slice(workflowIdOf('').length);

/** The same of a customer's. */
export const wabaIdIn = (workflowId: string) => workflowId.slice(customerWorkflowIdOf('').length);

/** One reconciliation of a portfolio at a time. */
export const reconcileIdOf = (portfolioId: string) => `reconcile:${portfolioId}`;

/** One search of a WABA at a time. */
export const claimsIdOf = (wabaId: string) => `claims:${wabaId}`;

/** A portfolio's pool is monitored by one workflow alone. */
export const monitorIdOf = (portfolioId: string) => `monitor:${portfolioId}`;

/** An event is delivered to an endpoint by one workflow alone. */
export const webhookIdOf = (endpoint: string, eventId: string) => `webhook:${endpoint}:${eventId}`;

/** A PIN can be read once for each life of a number: this ID is what makes a second reading impossible. */
export const pinReadingIdOf = (digits: string, firstRunId: string) => `pin:${digits}:${firstRunId}`;

/** One PIN of a number is set at a time. */
export const pinSettingIdOf = (digits: string) => `pin-set:${digits}`;

/** One workflow at a time writes a namespace's records. */
export const recordsIdOf = (namespace: string) => `records:${namespace}`;
/** What the pool's workers know of payload keys, one for each namespace: clients look here before they write. */
export const POOL_KEYS_ID = 'keys:pool';
