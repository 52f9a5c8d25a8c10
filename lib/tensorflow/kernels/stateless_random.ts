/**
 * Random numbers that follow from a seed tensor alone, which tfjs lacks.
 *
 * @module
 */

import * as tfjs from "@tensorflow/tfjs";
import { addKernel } from "./register.ts";
import { runOp } from "./run_op.ts";

/** Registers the kernels of this file. */
export function registerStatelessRandom(): void {
  for (const name of ["StatelessRandomNormal", "StatelessRandomUniform"]) {
    addKernel(name, ({ inputs, attrs, backend }) => {
      const shape = tfjs.tensor1d(attrs["shape"] as number[], "int32");
      try {
        return runOp(backend, name, {
          inputs: [shape, inputs["seed"]!],
          types: { T: "int32", Tseed: "int32", dtype: "float32" },
        })[0]!;
      } finally {
        shape.dispose();
      }
    });
  }
}
