/**
 * A function of the context in a session of its own, which can say when each
 * op ran: the eager context cannot. The session leaves the function to the same
 * optimiser and executor that run it in the context.
 *
 * Source: `tensorflow/c/c_api.h`, `TF_SessionRun`;
 * `tensorflow/core/protobuf/config.proto`, `RunOptions`.
 *
 * @module
 */

import { AttributeType, setAttribute } from "./attributes.ts";
import { readBuffer } from "./buffer.ts";
import { deleteHandle, getHandle } from "./handles.ts";
import { callFunction } from "./eager.ts";
import { HostTensor } from "./host_tensor.ts";
import { library } from "./library.ts";
import { ProtobufWriter } from "./protobuf.ts";
import { runtime, sessionConfig, threadSetting } from "./runtime.ts";
import { check, cString, status } from "./status.ts";
import { addresses, joinOutputs, outputOf } from "./tf_output.ts";

/** `RunOptions`: `trace_level`, field 1, is FULL_TRACE. */
const FULL_TRACE = new ProtobufWriter().varint(1, 3).finish();

/** What is run, and with what. */
export interface FunctionCall {
  /** The function's name. */
  readonly name: string;
  /** Numbers of its arguments. */
  readonly inputIds: readonly number[];
  /** How many results it has. */
  readonly numOutputs: number;
  /** How it is optimised: a `ConfigProto`. */
  readonly config: Uint8Array<ArrayBuffer>;
}

/** A function that is run for its times; its results are dropped. */
export class ProfiledFunction implements Disposable {
  readonly #call: FunctionCall;
  readonly #stack = new DisposableStack();
  readonly #inputs: BigUint64Array<ArrayBuffer>;
  readonly #session: Deno.PointerValue;
  readonly #placeholders: Uint8Array<ArrayBuffer>;
  readonly #results: Uint8Array<ArrayBuffer>;

  /**
   * Runs the function once, for the types of its results, and opens a session.
   *
   * @param call The function and its arguments, which must outlive this.
   * @throws {TensorFlowError} If the function fails.
   */
  constructor(call: FunctionCall) {
    this.#call = call;
    using failed = new DisposableStack();
    failed.use(this.#stack);
    const inputs = call.inputIds.map(getHandle);
    this.#inputs = addresses(inputs.map(({ pointer }) => {
      const tensor = library.TFE_TensorHandleResolve(pointer, status);
      check(call.name);
      return this.#stack.use(new HostTensor(tensor)).pointer;
    }));
    const graph = this.#stack.adopt(
      library.TF_NewGraph(),
      library.TF_DeleteGraph,
    );
    const placeholders = inputs.map(({ dtype }, i) => {
      const operation = library.TF_NewOperation(
        graph,
        cString("Placeholder"),
        cString(`argument_${i}`),
      );
      library.TF_SetAttrType(operation, cString("dtype"), dtype);
      return outputOf(finish(operation, call.name), 0);
    });
    this.#placeholders = joinOutputs(placeholders);
    const dtypes = this.#run();
    const called = this.#addCall(
      graph,
      inputs.map(({ dtype }) => dtype),
      dtypes,
    );
    this.#results = joinOutputs(dtypes.map((_, i) => outputOf(called, i)));
    this.#session = this.#openSession(graph);
    failed.move();
  }

  /** Adds the function, and an op that calls it. */
  #addCall(
    graph: Deno.PointerValue,
    inputTypes: readonly number[],
    outputTypes: readonly number[],
  ): Deno.PointerValue {
    const { name, config } = this.#call;
    const made = library.TFE_ContextGetFunction(
      runtime.context,
      cString(name),
      status,
    );
    check(name);
    library.TF_GraphCopyFunction(graph, made, null, status);
    library.TF_DeleteFunction(made);
    check(name);
    const op = "StatefulPartitionedCall";
    const operation = library.TF_NewOperation(graph, cString(op), cString(op));
    library.TF_AddInputList(operation, this.#placeholders, inputTypes.length);
    const { STRING, TYPE_LIST } = AttributeType;
    const attributes = [
      { name: "Tin", type: TYPE_LIST, value: inputTypes },
      { name: "Tout", type: TYPE_LIST, value: outputTypes },
      { name: "config_proto", type: STRING, value: config },
    ];
    for (const attribute of attributes) {
      setAttribute("TF_SetAttr", operation, op, attribute);
    }
    const bytes = cString(name);
    const length = BigInt(bytes.length - 1);
    library.TF_SetAttrFuncName(operation, cString("f"), bytes, length);
    return finish(operation, name);
  }

  #openSession(graph: Deno.PointerValue): Deno.PointerValue {
    const options = library.TF_NewSessionOptions();
    try {
      // The call itself is not optimised: `graph_options` is field 10, in it
      // `rewrite_options` field 10 with `disable_meta_optimizer`, field 19, and
      // `optimizer_options` field 3 with `opt_level`, field 3, at -1.
      const rewriter = new ProtobufWriter().varint(19, 1);
      const bytes = sessionConfig(threadSetting())
        .bytes(10, new ProtobufWriter().bytes(10, rewriter)).finish();
      library.TF_SetConfig(options, bytes, BigInt(bytes.length), status);
      check(this.#call.name);
      const session = library.TF_NewSession(graph, options, status);
      check(this.#call.name);
      return this.#stack.adopt(session, closeSession);
    } finally {
      library.TF_DeleteSessionOptions(options);
    }
  }

  /** Runs it in the context, and returns the types of its results. */
  #run(): number[] {
    const { name, inputIds, numOutputs, config } = this.#call;
    const results = callFunction(name, inputIds, numOutputs, config);
    for (const { id } of results) deleteHandle(id);
    return results.map(({ dtype }) => dtype);
  }

  /**
   * Runs it in the context, as usual.
   *
   * @returns Milliseconds that the call took.
   * @throws {TensorFlowError} If the function fails.
   */
  time(): number {
    const start = performance.now();
    this.#run();
    return performance.now() - start;
  }

  /**
   * Runs it in the session, and records when each op ran.
   *
   * @returns TensorFlow's `RunMetadata`.
   * @throws {TensorFlowError} If the function fails.
   */
  trace(): Uint8Array<ArrayBuffer> {
    const { name, numOutputs } = this.#call;
    using stack = new DisposableStack();
    const options = stack.adopt(
      library.TF_NewBufferFromString(FULL_TRACE, BigInt(FULL_TRACE.length)),
      library.TF_DeleteBuffer,
    );
    const metadata = stack.adopt(
      library.TF_NewBuffer(),
      library.TF_DeleteBuffer,
    );
    const results = new BigUint64Array(numOutputs);
    library.TF_SessionRun(
      this.#session,
      options,
      this.#placeholders,
      this.#inputs,
      this.#inputs.length,
      this.#results,
      results,
      numOutputs,
      null,
      0,
      metadata,
      status,
    );
    check(name);
    for (const address of results) {
      library.TF_DeleteTensor(Deno.UnsafePointer.create(address));
    }
    return readBuffer(metadata);
  }

  /** Closes the session. */
  [Symbol.dispose](): void {
    this.#stack.dispose();
  }
}

function finish(
  description: Deno.PointerValue,
  name: string,
): Deno.PointerValue {
  const operation = library.TF_FinishOperation(description, status);
  check(name);
  return operation;
}

function closeSession(session: Deno.PointerValue): void {
  library.TF_CloseSession(session, status);
  check("CloseSession");
  library.TF_DeleteSession(session, status);
  check("DeleteSession");
}
