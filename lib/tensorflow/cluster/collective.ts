/**
 * `CollectiveReduceV2`, the op by which workers add up their tensors.
 *
 * Two numbers decide who reduces what with whom: a group's key, one for all
 * workers, and an instance's key, one for each op. An op may run again and
 * again with its key, but workers must run their ops in the same order.
 *
 * Source: `tensorflow/core/ops/collective_ops.cc`.
 *
 * @module
 */

import { type Attribute, AttributeType } from "@/tensorflow/ffi/attributes.ts";
import { DataType } from "@/tensorflow/ffi/dtypes.ts";

/** The op's name. */
export const REDUCE = "CollectiveReduceV2";

/**
 * The keys of the groups: one of the devices that compute, one of the CPUs, as
 * a group's devices are all of one type.
 */
export const GROUP_KEYS = { compute: 1, exchange: 2 } as const;

let keys = 0;

/**
 * Takes a key for a new op. All workers must take them in the same order.
 *
 * @returns The key.
 */
export function newInstanceKey(): number {
  return ++keys;
}

/**
 * Lists the op's attributes, for floats.
 *
 * @param divide Whether the sum is divided by the number of workers.
 * @param timeoutSeconds How long it waits for the others; 0 for no limit.
 * @returns Names, types and values.
 */
export function reduceAttributes(
  divide: boolean,
  timeoutSeconds: number,
): Attribute[] {
  const { STRING, INT, FLOAT, BOOL, TYPE } = AttributeType;
  return [
    { name: "T", type: TYPE, value: DataType.FLOAT },
    { name: "merge_op", type: STRING, value: "Add" },
    { name: "final_op", type: STRING, value: divide ? "Div" : "Id" },
    { name: "communication_hint", type: STRING, value: "auto" },
    { name: "timeout_seconds", type: FLOAT, value: timeoutSeconds },
    { name: "Nordering_token", type: INT, value: 0 },
    { name: "max_subdivs_per_device", type: INT, value: -1 },
    { name: "is_stateless", type: BOOL, value: false },
  ];
}
