/**
 * Two places where TensorFlow.js 4.22 does not free tensors of optimizers: the
 * number of steps, which is a new tensor whenever a model is saved with its
 * optimizer, and the learning rate of a momentum optimizer.
 *
 * @module
 */
import { LayersModel, MomentumOptimizer, type Tensor } from "@tensorflow/tfjs";

/** What TensorFlow.js keeps to itself. */
interface Inside {
  /** The learning rate. */
  readonly c: Tensor;
  saveIterations(): Promise<{ readonly name: string; readonly tensor: Tensor }>;
}

/** Frees those tensors. To be called once. */
export function freeOptimizers(): void {
  const { dispose } = MomentumOptimizer.prototype;
  MomentumOptimizer.prototype.dispose = function (this: MomentumOptimizer) {
    dispose.call(this);
    (this as unknown as Inside).c.dispose();
  };
  const { save } = LayersModel.prototype;
  LayersModel.prototype.save = async function (this: LayersModel, ...args) {
    const optimizer = this.optimizer as unknown as Inside | undefined;
    if (!optimizer) return await save.apply(this, args);
    const made: Tensor[] = [];
    const { saveIterations } = optimizer;
    optimizer.saveIterations = async () => {
      const steps = await saveIterations.call(optimizer);
      made.push(steps.tensor);
      return steps;
    };
    try {
      return await save.apply(this, args);
    } finally {
      optimizer.saveIterations = saveIterations;
      for (const tensor of made) tensor.dispose();
    }
  };
}
