export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const COLON = 58;
export const D = 100;
export const E = 101;
export const I = 105;
export const BYTE_ORDER_MARK = 0xfeff;
/** No character at all. */
export const NOTHING = -1;
