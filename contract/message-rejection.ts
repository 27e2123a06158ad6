/** Why a message is not accepted. Types are public: services decide by them. */
export interface MessageRejection {
  type:
    | 'InvalidMessage'
    | 'WrongState'
    | 'TooEarlyToReverify'
    | 'Reserved'
    | 'ReservationEnded'
    | 'AlreadyClaimed'
    | 'WrongCode'
    | 'BudgetSpent'
    | 'CodeExpired'
    | 'MetaRefused'
    | 'ClaimNotFound'
    | 'NotInPool'
    /** Of a customer: Meta shows that they are still with us, or the WABA is another business's. */
    | 'NotLeft'
    | 'WrongBusiness'
    /** Accepted, and not done yet: not sent in vain, and no refusal. */
    | 'StillUnderWay';
  message: string;
}
