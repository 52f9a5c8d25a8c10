/**
 * The one eager context that every op runs in, its devices and its threads.
 *
 * @module
 */

import { library } from "./library.ts";
import { ProtobufWriter } from "./protobuf.ts";
import { check, readCString, status } from "./status.ts";
import { setContext } from "./tensors.ts";

/** A device that ops can run on. */
export interface Device {
  /** Such as `/job:localhost/replica:0/task:0/device:CPU:0`. */
  readonly name: string;
  /** Such as `CPU` or `GPU`. */
  readonly type: string;
}

/**
 * `ConfigProto` of TensorFlow: `intra_op_parallelism_threads` is field 2,
 * `inter_op_parallelism_threads` field 5, `allow_soft_placement` field 7, and
 * in `gpu_options`, field 6, `allow_growth` is field 4.
 *
 * Ops without a kernel for the GPU, those on strings for one, run on the CPU,
 * and GPU memory is taken as it is needed, not all at once.
 */
export function sessionConfig(threads: number): ProtobufWriter {
  const writer = new ProtobufWriter()
    .bytes(6, new ProtobufWriter().varint(4, 1))
    .varint(7, 1);
  if (threads > 0) writer.varint(2, threads).varint(5, threads);
  return writer;
}

/**
 * Threads for one op and for ops side by side, from `ONECODE_THREADS`; 0
 * leaves the choice to TensorFlow, which takes one a core.
 *
 * @throws {RangeError} When the variable is not a whole number.
 */
export function threadSetting(): number {
  const text = Deno.env.get("ONECODE_THREADS") ?? "0";
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 0 || threads > 1024) {
    throw new RangeError(
      `ONECODE_THREADS must be a whole number from 0 to 1024, not "${text}".`,
    );
  }
  return threads;
}

function open(): Deno.PointerValue {
  const options = library.TFE_NewContextOptions();
  try {
    const bytes = sessionConfig(threadSetting()).finish();
    library.TFE_ContextOptionsSetConfig(
      options,
      bytes,
      BigInt(bytes.length),
      status,
    );
    check("ContextOptionsSetConfig");
    const pointer = library.TFE_NewContext(options, status);
    check("NewContext");
    return pointer;
  } finally {
    library.TFE_DeleteContextOptions(options);
  }
}

/** `TFE_Context*`. */
export const context: Deno.PointerValue = open();
setContext(() => context);

/** The devices that TensorFlow sees now. */
export function listDevices(): Device[] {
  const list = library.TFE_ContextListDevices(context, status);
  check("ContextListDevices");
  const count = library.TF_DeviceListCount(list);
  const devices = Array.from({ length: count }, (_, i) => ({
    name: readCString(library.TF_DeviceListName(list, i, status)),
    type: readCString(library.TF_DeviceListType(list, i, status)),
  }));
  library.TF_DeleteDeviceList(list);
  return devices;
}

/** The GPU that ops run on, or `undefined` where there is none. */
export let gpuDevice: Device | undefined;

/** Looks at the devices anew: in a cluster they have other names. */
export function refreshDevices(): void {
  gpuDevice = listDevices().find((device) => device.type === "GPU");
}

refreshDevices();
