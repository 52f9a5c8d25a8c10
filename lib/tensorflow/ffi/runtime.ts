/**
 * TensorFlow in this process: the eager context that every op runs in, its
 * devices, and everything that TensorFlow holds for JavaScript.
 *
 * @module
 */

import { invalid } from "@/errors/invalid.ts";
import { library } from "./library.ts";
import { ProtobufWriter } from "./protobuf.ts";
import { check, readCString, status } from "./status.ts";

/** A device that ops can run on. */
export interface Device {
  /** Such as `/job:localhost/replica:0/task:0/device:CPU:0`. */
  readonly name: string;
  /** Such as `CPU` or `GPU`. */
  readonly type: string;
}

/** A tensor that TensorFlow holds. */
export interface TensorHandle {
  /** `TFE_TensorHandle*`. */
  readonly pointer: Deno.PointerValue;
  /** `TF_DataType`. */
  readonly dtype: number;
}

/** A model that TensorFlow holds. */
export interface OpenSavedModel {
  /** `TF_Graph*`. */
  readonly graph: Deno.PointerValue;
  /** `TF_Session*`. */
  readonly session: Deno.PointerValue;
}

/** Things that the binding knows by number. */
class NumberedTable<Item> {
  readonly #items = new Map<number, Item>();
  readonly #kind: string;
  #next = 1;

  /**
   * Makes an empty table.
   *
   * @param kind What an item is called in messages.
   */
  constructor(kind: string) {
    this.#kind = kind;
  }

  /** How many items there are. */
  get size(): number {
    return this.#items.size;
  }

  /** A number that nothing has had yet. */
  newNumber(): number {
    return this.#next++;
  }

  /** Adds an item and returns its number. */
  add(item: Item): number {
    const number = this.newNumber();
    this.#items.set(number, item);
    return number;
  }

  /** Says whether there is an item of a number. */
  has(number: number): boolean {
    return this.#items.has(number);
  }

  /** The item of a number; throws a `RangeError` if there is none. */
  get(number: number): Item {
    const item = this.#items.get(number);
    if (item !== undefined) return item;
    throw new RangeError(`No ${this.#kind} has number ${number}.`);
  }

  /** Removes an item and returns it. */
  take(number: number): Item {
    const item = this.get(number);
    this.#items.delete(number);
    return item;
  }
}

/** TensorFlow in this process. */
class Runtime {
  /** `TFE_Context*`. */
  readonly context: Deno.PointerValue = openContext();
  /** All tensors that TensorFlow holds for JavaScript. */
  readonly tensors = new NumberedTable<TensorHandle>("tensor");
  /** All models that are loaded. */
  readonly models = new NumberedTable<OpenSavedModel>("saved model");
  #gpu: Device | undefined;

  constructor() {
    this.refreshDevices();
  }

  /** The GPU that ops run on, or `undefined` if there is none. */
  get gpu(): Device | undefined {
    return this.#gpu;
  }

  /** The devices that TensorFlow sees now. */
  listDevices(): Device[] {
    const list = library.TFE_ContextListDevices(this.context, status);
    check("ContextListDevices");
    const count = library.TF_DeviceListCount(list);
    const devices = Array.from({ length: count }, (_, i) => ({
      name: readCString(library.TF_DeviceListName(list, i, status)),
      type: readCString(library.TF_DeviceListType(list, i, status)),
    }));
    library.TF_DeleteDeviceList(list);
    return devices;
  }

  /** Looks at the devices again: in a cluster they have other names. */
  refreshDevices(): void {
    this.#gpu = this.listDevices().find(({ type }) => type === "GPU");
  }
}

/** TensorFlow, started when this module is first imported. */
export const runtime: Runtime = new Runtime();

/**
 * Lists the devices that TensorFlow sees now.
 *
 * @returns At least a CPU.
 */
export function listDevices(): Device[] {
  return runtime.listDevices();
}

/**
 * Counts the tensors that TensorFlow holds for JavaScript.
 *
 * @returns Their number, which grows if tensors are not disposed.
 */
export function handleCount(): number {
  return runtime.tensors.size;
}

function openContext(): Deno.PointerValue {
  const options = library.TFE_NewContextOptions();
  try {
    const bytes = sessionConfig(threadSetting()).finish();
    const length = BigInt(bytes.length);
    library.TFE_ContextOptionsSetConfig(options, bytes, length, status);
    check("ContextOptionsSetConfig");
    const context = library.TFE_NewContext(options, status);
    check("NewContext");
    return context;
  } finally {
    library.TFE_DeleteContextOptions(options);
  }
}

/**
 * Writes TensorFlow's `ConfigProto`: `intra_op_parallelism_threads` is field
 * 2, `inter_op_parallelism_threads` field 5, `allow_soft_placement` field 7,
 * and in `gpu_options`, field 6, `allow_growth` is field 4.
 *
 * Ops without a kernel for the GPU, such as those on strings, run on the CPU,
 * and GPU memory is taken as it is needed, not all at once.
 *
 * @param threads Threads for one op and for ops side by side; 0 for one per
 * core.
 * @returns The message, to which fields may be added.
 */
export function sessionConfig(threads: number): ProtobufWriter {
  const writer = new ProtobufWriter()
    .bytes(6, new ProtobufWriter().varint(4, 1))
    .varint(7, 1);
  if (threads > 0) writer.varint(2, threads).varint(5, threads);
  return writer;
}

/**
 * Reads from `ONECODE_THREADS` how many threads to use for one op and for ops
 * side by side.
 *
 * @returns 0 to 1024; 0 leaves the choice to TensorFlow, which takes one per
 * core.
 * @throws {RangeError} If the variable is not such a number.
 */
export function threadSetting(): number {
  const text = Deno.env.get("ONECODE_THREADS") ?? "0";
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 0 || threads > 1024) {
    throw invalid("ONECODE_THREADS", "a whole number from 0 to 1024", text);
  }
  return threads;
}
