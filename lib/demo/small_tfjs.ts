/**
 * The part of TensorFlow.js that the codec uses, in the place of the whole for
 * the demo's bundle: backends come when they are tried, and layers, data and
 * model formats not at all.
 *
 * @module
 */
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";

export * from "@tensorflow/tfjs-core";
