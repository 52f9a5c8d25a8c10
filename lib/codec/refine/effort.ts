/**
 * The encoder's effort: the part of this folder that refines files by gradients
 * on TensorFlow, and that a browser never loads.
 *
 * @module
 */

export * from "./encode_refined.ts";
