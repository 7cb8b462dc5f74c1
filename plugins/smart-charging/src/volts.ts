/** Between a phase and neutral: what watts and amperes are of each other. */
export const VOLTS = 230;
