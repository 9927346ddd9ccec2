/** A ticker symbol, upper case. */
export const TICKER = /^[A-Z0-9.-]{1,12}$/;
