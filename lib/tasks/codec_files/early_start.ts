/**
 * Begins to load TensorFlow, if it is set up, while what is imported after this
 * file loads.
 *
 * @module
 */
import { beginToMap } from "@/tensorflow/library/map_library.ts";

if (Deno.args.some((word) => !word.startsWith("--"))) beginToMap();
