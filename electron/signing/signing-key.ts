import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from "node:crypto";
import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { signedText, type BundleSignature } from "../../shared/bundle/signature.ts";
import { writeAtomically } from "../case-store/atomic-write.ts";
import { errnoOf, fault, onFile } from "../faults.ts";

/**
 * The Ed25519 key of this user on this computer (RFC 8032), made when it is
 * first needed and readable by the user alone. It never leaves the main process.
 */
export class SigningKey {
  readonly #path: string;

  constructor(userData: string) {
    this.#path = join(userData, "signing", "ed25519.pem");
  }

  /** SHA-256 of the public key, hex; null while there is no key. */
  async fingerprint(): Promise<string | null> {
    const key = await this.#read();
    return key === null ? null : fingerprintOf(publicDer(key));
  }

  /** Signs the hash of a tag manifest in somebody's name; makes the key if there is none. */
  async sign(sha256: string, signer: string, now: Date): Promise<BundleSignature> {
    const key = (await this.#read()) ?? (await this.#make());
    const what = { sha256, signer, signedAt: now.toISOString() };
    return {
      algorithm: "Ed25519",
      signs: "tagmanifest-sha256.txt",
      ...what,
      publicKey: publicDer(key).toString("base64"),
      signature: sign(null, Buffer.from(signedText(what)), key).toString("base64"),
    };
  }

  async #read(): Promise<KeyObject | null> {
    let pem: string;
    try {
      pem = await readFile(this.#path, "utf8");
    } catch (thrown) {
      if (errnoOf(thrown) === "ENOENT") return null;
      return onFile(this.#path, () => Promise.reject(thrown as Error));
    }
    try {
      return createPrivateKey(pem);
    } catch {
      throw fault(
        "damaged",
        `The signing key ${this.#path} cannot be read. Put its copy back, or remove it to make a new one.`,
        this.#path,
      );
    }
  }

  async #make(): Promise<KeyObject> {
    const { privateKey } = generateKeyPairSync("ed25519");
    const pem = privateKey.export({ type: "pkcs8", format: "pem" });
    await onFile(this.#path, async () => {
      await mkdir(join(this.#path, ".."), { recursive: true, mode: 0o700 });
      await writeAtomically(this.#path, pem);
      await chmod(this.#path, 0o600);
    });
    return privateKey;
  }
}

/** Whether the signature was made with the key that it brings along. */
export function signatureHolds(signature: BundleSignature): boolean {
  try {
    const key = createPublicKey({
      key: Buffer.from(signature.publicKey, "base64"),
      format: "der",
      type: "spki",
    });
    if (key.asymmetricKeyType !== "ed25519") return false;
    const bytes = Buffer.from(signature.signature, "base64");
    return verify(null, Buffer.from(signedText(signature)), key, bytes);
  } catch {
    return false;
  }
}

/** SHA-256 of a public key in DER, hex: what two people compare over the telephone. */
export function fingerprintOf(der: Uint8Array): string {
  return createHash("sha256").update(der).digest("hex");
}

function publicDer(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: "spki", format: "der" });
}
