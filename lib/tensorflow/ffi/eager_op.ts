/**
 * One op that is filled in and run at once.
 *
 * Source: `tensorflow/c/eager/c_api.h`.
 *
 * @module
 */

import { type Attribute, setAttribute } from "./attributes.ts";
import { library } from "./library.ts";
import { runtime } from "./runtime.ts";
import { check, cString, status } from "./status.ts";

/** Room for the outputs of nearly all ops, so that it is made only once. */
const outputs = new BigUint64Array(256);
const outputCount = new Int32Array(1);

/** A `TFE_Op`, freed when it is disposed. */
export class EagerOp implements Disposable {
  readonly #name: string;
  readonly #op: Deno.PointerValue;

  /**
   * Starts an op.
   *
   * @param name Its name.
   * @throws {TensorFlowError} If TensorFlow has no such op.
   */
  constructor(name: string) {
    this.#name = name;
    this.#op = library.TFE_NewOp(runtime.context, cString(name), status);
    check(name);
  }

  /**
   * Says where it runs.
   *
   * @param name TensorFlow's name of the device.
   * @returns The op.
   */
  on(name: string): this {
    library.TFE_OpSetDevice(this.#op, cString(name), status);
    check(this.#name);
    return this;
  }

  /**
   * Adds an input.
   *
   * @param pointer `TFE_TensorHandle*`.
   * @returns The op.
   */
  input(pointer: Deno.PointerValue): this {
    library.TFE_OpAddInput(this.#op, pointer, status);
    check(this.#name);
    return this;
  }

  /**
   * Sets an attribute.
   *
   * @param attribute Its name, type and value.
   * @returns The op.
   * @throws {TypeError} If the value does not fit the attribute's type.
   */
  set(attribute: Attribute): this {
    setAttribute("TFE_OpSetAttr", this.#op, this.#name, attribute);
    return this;
  }

  /**
   * Runs the op.
   *
   * @param count How many outputs it has.
   * @returns A `TFE_TensorHandle*` for each output.
   * @throws {TensorFlowError} If the op fails.
   */
  run(count: number): Deno.PointerValue[] {
    const room = count > outputs.length ? new BigUint64Array(count) : outputs;
    outputCount[0] = count;
    library.TFE_Execute(this.#op, room, outputCount, status);
    check(this.#name);
    return Array.from(
      room.subarray(0, outputCount[0]),
      (address) => Deno.UnsafePointer.create(address),
    );
  }

  /**
   * Runs an op of one output off the main thread, as it waits for others.
   *
   * @returns `TFE_TensorHandle*`.
   * @throws {TensorFlowError} If the op fails.
   */
  async runInBackground(): Promise<Deno.PointerValue> {
    const room = new BigUint64Array(1), count = Int32Array.of(1);
    const reported = library.TF_NewStatus();
    try {
      await library.TFE_ExecuteInBackground(this.#op, room, count, reported);
      check(this.#name, reported);
    } finally {
      library.TF_DeleteStatus(reported);
    }
    return Deno.UnsafePointer.create(room[0]!);
  }

  /** Frees the op. */
  [Symbol.dispose](): void {
    library.TFE_DeleteOp(this.#op);
  }
}
