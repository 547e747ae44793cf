/**
 * What is left of a message when its values are masked. Every message of one
 * shape is told by the same statement; a statement may have many shapes.
 */
export interface Shape {
  /** 53 bits of a hash of the masked message: the same in every file and session. */
  readonly id: number;
  /** One digit per token: the kinds of `chunk-kinds.ts`. */
  readonly kinds: string;
  /** The tokens' texts; empty for a value. */
  readonly texts: readonly string[];
  /** How many messages had it. */
  readonly count: number;
  /** The first message of this shape that was seen. */
  readonly example: string;
  /** Set where shapes were counted together because there were too many. */
  readonly isOverflow?: true;
}
