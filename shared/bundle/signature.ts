import { z } from "zod";

/** Beside the tag files of a bag: who vouches for it. */
export const BundleSignature = z.object({
  algorithm: z.literal("Ed25519"),
  /** The tag manifest names every other tag file, and those every file of the payload. */
  signs: z.literal("tagmanifest-sha256.txt"),
  /** SHA-256 of that file, hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Who signs, in their own words: the key says no name. */
  signer: z.string().min(1),
  signedAt: z.string(),
  /** SubjectPublicKeyInfo, DER, base64. */
  publicKey: z.string(),
  signature: z.string(),
});
export type BundleSignature = z.infer<typeof BundleSignature>;

export const SIGNATURE_FILE = "signature.json";

/** The bytes that are signed: name and time are vouched for as well. */
export function signedText({
  signer,
  signedAt,
  sha256,
}: Pick<BundleSignature, "signer" | "signedAt" | "sha256">): string {
  return ["Inquest bundle signature 1", signer, signedAt, sha256, ""].join("\n");
}
