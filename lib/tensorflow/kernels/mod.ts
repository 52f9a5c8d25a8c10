/**
 * Kernels beside and in place of tfjs-node's own.
 *
 * @module
 */

import { registerActivations } from "./activations.ts";
import { registerCorrections } from "./corrections.ts";
import { registerExplicitConvolutions } from "./explicit_convolutions.ts";
import { registerFusedConvolutions } from "./fused_convolutions.ts";
import { registerLinearAlgebra } from "./linear_algebra.ts";
import { registerMatrixProducts } from "./matrix_products.ts";
import { registerMoreOps } from "./more_ops.ts";
import { registerNarrowConvolutions } from "./narrow_convolutions.ts";
import { registerPointwiseConvolutions } from "./pointwise_convolutions.ts";
import { registerPaddedPools } from "./padded_pools.ts";
import { registerSingleConvolutions } from "./single_convolutions.ts";
import { registerSpaceToDepth } from "./space_to_depth.ts";
import { registerStrings } from "./strings.ts";

/**
 * Registers all of them, after tfjs-node's own. Of kernels with one name, the last
 * one is asked first.
 */
export function registerKernels(): void {
  registerActivations();
  registerCorrections();
  registerExplicitConvolutions();
  registerFusedConvolutions();
  registerLinearAlgebra();
  registerMatrixProducts();
  registerMoreOps();
  registerSingleConvolutions();
  registerNarrowConvolutions();
  registerPointwiseConvolutions();
  registerPaddedPools();
  registerSpaceToDepth();
  registerStrings();
}
