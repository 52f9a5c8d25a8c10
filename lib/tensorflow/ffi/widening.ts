/**
 * tfjs has no uint8 and no int64: it takes such outputs (a decoded image, the
 * index of a maximum) for int32 and says so to the next op. These functions
 * find where the engine has to make that true.
 *
 * @module
 */

import {
  type Attribute,
  AttributeType,
  integerAttributes,
} from "./attributes.ts";
import { DataType } from "./dtypes.ts";
import { opDefinition, splitInputs } from "./op_definitions.ts";

/**
 * Finds the inputs of an op that must be cast to int32 first.
 *
 * @param name The op.
 * @param attributes Its attributes as tfjs gives them.
 * @param dtypes The inputs' `TF_DataType`s.
 * @returns Whether to cast, for each input.
 */
export function inputsToWiden(
  name: string,
  attributes: readonly Attribute[],
  dtypes: readonly number[],
): boolean[] {
  const odd = (dtype: number) =>
    dtype === DataType.UINT8 || dtype === DataType.INT64;
  if (name === "Cast" || !dtypes.some(odd)) return dtypes.map(() => false);
  const int32 = new Set(
    attributes.filter(({ type, value }) =>
      type === AttributeType.TYPE && value === DataType.INT32
    ).map((attribute) => attribute.name),
  );
  const lengths = integerAttributes(attributes);
  const wants = splitInputs(name, dtypes.length, lengths).flatMap(
    ({ length }, i) => {
      const { type, typeAttr } = opDefinition(name).inputs[i]!;
      return Array(length).fill(type === DataType.INT32 || int32.has(typeAttr));
    },
  );
  return dtypes.map((dtype, i) => odd(dtype) && wants[i] === true);
}

/**
 * Corrects the source type of a cast to the input's own type.
 *
 * @param name The op.
 * @param attribute One of its attributes.
 * @param dtype The `TF_DataType` of its first input.
 * @returns The attribute to set.
 */
export function withSourceType(
  name: string,
  attribute: Attribute,
  dtype: number | undefined,
): Attribute {
  return name === "Cast" && attribute.name === "SrcT"
    ? { ...attribute, value: dtype }
    : attribute;
}
