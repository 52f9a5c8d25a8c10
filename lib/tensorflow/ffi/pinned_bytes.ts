/**
 * Byte strings that TensorFlow reads through their addresses.
 *
 * @module
 */

const encoder = new TextEncoder();

/** Byte strings in memory that neither moves nor is freed until disposed. */
export class PinnedBytes implements Disposable {
  /** The address of each string. */
  readonly addresses: BigUint64Array<ArrayBuffer>;
  /** The bytes of each string, counted. */
  readonly lengths: BigUint64Array<ArrayBuffer>;
  #memory: Uint8Array<ArrayBuffer> | undefined;

  /**
   * Copies strings side by side.
   *
   * @param strings Byte strings, or texts, which become UTF-8.
   */
  constructor(strings: readonly (Uint8Array | string)[]) {
    const all = strings.map((text) =>
      typeof text === "string" ? encoder.encode(text) : text
    );
    const total = all.reduce((sum, bytes) => sum + bytes.length, 0);
    // Of an ArrayBuffer: small arrays of their own may move. Never empty, as
    // an empty one has no address.
    const memory = new Uint8Array(new ArrayBuffer(total + 1));
    const start = Deno.UnsafePointer.value(Deno.UnsafePointer.of(memory));
    this.addresses = new BigUint64Array(all.length);
    this.lengths = BigUint64Array.from(all, ({ length }) => BigInt(length));
    let at = 0;
    all.forEach((bytes, i) => {
      memory.set(bytes, at);
      this.addresses[i] = start + BigInt(at);
      at += bytes.length;
    });
    this.#memory = memory;
  }

  /** Lets the memory go. */
  [Symbol.dispose](): void {
    this.#memory = undefined;
  }
}
