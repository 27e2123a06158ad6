/** The encoding of an encrypted payload: as in Temporal's own samples, so that tools which know those show the key's ID. */
export const ENCRYPTED = 'binary/encrypted';
/** Stands for it, within a worker, where the key of its name does not open the payload. */
export const ALTERED = 'binary/altered';
