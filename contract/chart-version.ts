/** The latest version of a number's chart: new numbers begin with it, others move over to it. */
export const latestChartVersion = 1;
