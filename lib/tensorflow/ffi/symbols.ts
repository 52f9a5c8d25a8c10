/**
 * The part of TensorFlow's C API that the engine calls, as `Deno.dlopen`
 * signatures.
 *
 * Source: `tensorflow/c/c_api.h`, `tensorflow/c/eager/c_api.h`,
 * `tensorflow/c/c_api_experimental.h` and `tensorflow/c/tf_tstring.h` of
 * TensorFlow 2.21.
 *
 * @module
 */

const p = "pointer", b = "buffer", v = "void";
const i32 = "i32", i64 = "i64", u64 = "u64", u8 = "u8", f32 = "f32";

/** `TF_Output`: an operation and the index of one of its outputs, by value. */
const output = { struct: ["pointer", "i32"] } as const;

/** Functions of libtensorflow, by name. */
export const SYMBOLS = {
  TF_Version: { parameters: [], result: p },
  // Status and buffers
  TF_NewStatus: { parameters: [], result: p },
  TF_DeleteStatus: { parameters: [p], result: v },
  TF_SetStatus: { parameters: [p, i32, b], result: v },
  TF_GetCode: { parameters: [p], result: i32 },
  TF_Message: { parameters: [p], result: p },
  TF_NewBuffer: { parameters: [], result: p },
  TF_NewBufferFromString: { parameters: [b, u64], result: p },
  TF_DeleteBuffer: { parameters: [p], result: v },
  // Context
  TFE_NewContextOptions: { parameters: [], result: p },
  TFE_ContextOptionsSetConfig: { parameters: [p, b, u64, p], result: v },
  TFE_DeleteContextOptions: { parameters: [p], result: v },
  TFE_NewContext: { parameters: [p, p], result: p },
  TFE_ContextListDevices: { parameters: [p, p], result: p },
  TF_DeviceListCount: { parameters: [p], result: i32 },
  TF_DeviceListName: { parameters: [p, i32, p], result: p },
  TF_DeviceListType: { parameters: [p, i32, p], result: p },
  TF_DeleteDeviceList: { parameters: [p], result: v },
  TFE_ContextAddFunction: { parameters: [p, p, p], result: v },
  TFE_ContextGetFunction: { parameters: [p, b, p], result: p },
  TFE_ContextRemoveFunction: { parameters: [p, b, p], result: v },
  TFE_EnableCollectiveOps: { parameters: [p, b, u64, p], result: v },
  TFE_AbortCollectiveOps: { parameters: [p, p], result: v },
  /** Off the main thread: it waits for an answer. */
  TFE_CollectiveOpsCheckPeerHealth: {
    parameters: [p, b, i64, p],
    result: v,
    nonblocking: true,
  },
  // Tensors
  TF_AllocateTensor: { parameters: [i32, b, i32, u64], result: p },
  TF_TensorData: { parameters: [p], result: p },
  TF_TensorByteSize: { parameters: [p], result: u64 },
  TF_TensorElementCount: { parameters: [p], result: i64 },
  TF_DeleteTensor: { parameters: [p], result: v },
  TF_StringInit: { parameters: [p], result: v },
  TF_StringAssignView: { parameters: [p, p, u64], result: v },
  TF_StringGetDataPointer: { parameters: [p], result: p },
  TF_StringGetSize: { parameters: [p], result: u64 },
  TFE_NewTensorHandle: { parameters: [p, p], result: p },
  TFE_DeleteTensorHandle: { parameters: [p], result: v },
  TFE_TensorHandleResolve: { parameters: [p, p], result: p },
  TFE_TensorHandleNumDims: { parameters: [p, p], result: i32 },
  TFE_TensorHandleDim: { parameters: [p, i32, p], result: i64 },
  TFE_TensorHandleDataType: { parameters: [p], result: i32 },
  // Eager ops
  TFE_NewOp: { parameters: [p, b, p], result: p },
  TFE_DeleteOp: { parameters: [p], result: v },
  TFE_OpSetDevice: { parameters: [p, b, p], result: v },
  TFE_OpAddInput: { parameters: [p, p, p], result: v },
  TFE_OpSetAttrString: { parameters: [p, b, b, u64], result: v },
  TFE_OpSetAttrStringList: { parameters: [p, b, b, b, i32], result: v },
  TFE_OpSetAttrInt: { parameters: [p, b, i64], result: v },
  TFE_OpSetAttrIntList: { parameters: [p, b, b, i32], result: v },
  TFE_OpSetAttrFloat: { parameters: [p, b, f32], result: v },
  TFE_OpSetAttrFloatList: { parameters: [p, b, b, i32], result: v },
  TFE_OpSetAttrBool: { parameters: [p, b, u8], result: v },
  TFE_OpSetAttrType: { parameters: [p, b, i32], result: v },
  TFE_OpSetAttrTypeList: { parameters: [p, b, b, i32], result: v },
  TFE_OpSetAttrShape: { parameters: [p, b, b, i32, p], result: v },
  TFE_Execute: { parameters: [p, b, b, p], result: v },
  /** Off the main thread, for an op that waits for other processes. */
  TFE_ExecuteInBackground: {
    name: "TFE_Execute",
    parameters: [p, b, b, p],
    result: v,
    nonblocking: true,
  },
  // Graphs
  TF_NewGraph: { parameters: [], result: p },
  TF_DeleteGraph: { parameters: [p], result: v },
  TF_GraphGetOpDef: { parameters: [p, b, p, p], result: v },
  TF_NewOperation: { parameters: [p, b, b], result: p },
  TF_AddInput: { parameters: [p, output], result: v },
  TF_AddInputList: { parameters: [p, b, i32], result: v },
  TF_AddControlInput: { parameters: [p, p], result: v },
  TF_FinishOperation: { parameters: [p, p], result: p },
  TF_OperationOutputType: { parameters: [output], result: i32 },
  TF_OperationNumInputs: { parameters: [p], result: i32 },
  TF_OperationInput: { parameters: [output], result: output },
  TF_GraphGetTensorNumDims: { parameters: [p, output, p], result: i32 },
  TF_GraphGetTensorShape: { parameters: [p, output, b, i32, p], result: v },
  TF_GraphOperationByName: { parameters: [p, b], result: p },
  TF_SetAttrString: { parameters: [p, b, b, u64], result: v },
  TF_SetAttrStringList: { parameters: [p, b, b, b, i32], result: v },
  TF_SetAttrInt: { parameters: [p, b, i64], result: v },
  TF_SetAttrIntList: { parameters: [p, b, b, i32], result: v },
  TF_SetAttrFloat: { parameters: [p, b, f32], result: v },
  TF_SetAttrFloatList: { parameters: [p, b, b, i32], result: v },
  TF_SetAttrBool: { parameters: [p, b, u8], result: v },
  TF_SetAttrType: { parameters: [p, b, i32], result: v },
  TF_SetAttrTypeList: { parameters: [p, b, b, i32], result: v },
  TF_SetAttrShape: { parameters: [p, b, b, i32], result: v },
  TF_SetAttrTensor: { parameters: [p, b, p, p], result: v },
  TF_SetAttrFuncName: { parameters: [p, b, b, u64], result: v },
  TF_GraphToFunctionWithControlOutputs: {
    parameters: [p, b, u8, i32, b, i32, b, i32, b, p, i32, b, p, p, p, p],
    result: p,
  },
  TF_DeleteFunction: { parameters: [p], result: v },
  TF_GraphCopyFunction: { parameters: [p, p, p, p], result: v },
  // Sessions
  TF_NewSessionOptions: { parameters: [], result: p },
  TF_SetConfig: { parameters: [p, b, u64, p], result: v },
  TF_NewSession: { parameters: [p, p, p], result: p },
  TF_DeleteSessionOptions: { parameters: [p], result: v },
  TF_LoadSessionFromSavedModel: {
    parameters: [p, p, b, b, i32, p, p, p],
    result: p,
  },
  TF_CloseSession: { parameters: [p, p], result: v },
  TF_DeleteSession: { parameters: [p, p], result: v },
  TF_SessionRun: {
    parameters: [p, p, b, b, i32, b, b, i32, p, i32, p, p],
    result: v,
  },
} as const;
