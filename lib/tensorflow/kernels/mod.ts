/**
 * Kernels beside and in place of tfjs-node's own.
 *
 * @module
 */

import { registerActivations } from "./activations.ts";
import { registerCorrections } from "./corrections.ts";
import { registerExplicitConvolutions } from "./explicit_convolutions.ts";
import { registerFusedConvolutions } from "./fused_convolutions.ts";
import { registerMoreOps } from "./more_ops.ts";
import { registerNarrowConvolutions } from "./narrow_convolutions.ts";
import { registerPaddedPools } from "./padded_pools.ts";
import { registerRagged } from "./ragged.ts";
import { registerSpaceToDepth } from "./space_to_depth.ts";
import { registerSparse } from "./sparse.ts";
import { registerStatelessRandom } from "./stateless_random.ts";
import { registerStrings } from "./strings.ts";

/** Registers all of them; tfjs-node's must be there already. */
export function registerKernels(): void {
  registerActivations();
  registerCorrections();
  registerExplicitConvolutions();
  registerFusedConvolutions();
  registerMoreOps();
  registerNarrowConvolutions();
  registerPaddedPools();
  registerRagged();
  registerSpaceToDepth();
  registerSparse();
  registerStatelessRandom();
  registerStrings();
}
