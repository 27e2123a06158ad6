/** The latest version of a number's chart: new numbers begin with it, others move over to it. */
export const latestChartVersion = 1;
/** The latest version of a customer's chart. */
export const latestCustomerChartVersion = 1;
