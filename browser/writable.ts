/** The same with properties that can be set: what its owner sees of what others may only read. */
export type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
