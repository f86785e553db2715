/** Token buckets as AWS documents them: a rate per second and a burst, by API or by group of APIs. */

/** `level` is the number of tokens left at the time `at`, milliseconds since the epoch. */
export type Bucket = { level: number; at: number };
