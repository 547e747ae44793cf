/** Why compressed data could not be read to its end. */
export class BadCompression extends Error {
  constructor(
    readonly kind: "truncated" | "damaged" | "unsupported",
    message: string,
  ) {
    super(message);
  }
}
