/**
 * The encoder's choice of values that follow the trellis: the path through its
 * states of the lowest cost.
 *
 * A. Viterbi, "Error Bounds for Convolutional Codes and an Asymptotically
 * Optimum Decoding Algorithm", 1967.
 *
 * @module
 */
import type { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import {
  coarsen,
  type NestedTables,
  pathRefinementOf,
  refinementTable,
} from "@/codec/entropy/nested_tables.ts";
import {
  FINE_STEP,
  multipleOf,
  nextState,
  STATES,
  trellisTable,
  valueOf,
} from "@/codec/entropy/trellis.ts";
import { valueCosts } from "@/codec/entropy/value_costs.ts";
import type { PathChooser } from "@/codec/model/coder_options.ts";
import { STEP_PARTS } from "@/codec/model/latent_units.ts";

/** Words of 32 bits that hold one bit for each state. */
const WORDS = STATES / 32;

/** The next states after 0 and 1 of the states 0 and 1. */
const [ODD, FLIP] = [nextState(1, 0), nextState(0, 1)];

/** Bits of a multiple of a scale, given the state before it. */
type PathCost = (scale: number, multiple: number, state: number) => number;

/** The same where coarse values are coded first. */
function nestedCost(
  { coarse, refinement }: NestedTables,
  cells: number,
): PathCost {
  const [first, second] = [valueCosts(coarse), valueCosts(refinement)];
  return (scale, multiple, state) => {
    const value = coarsen(multiple, cells);
    return first(trellisTable(scale, 0), value) + second(
      refinementTable(trellisTable(scale, state), value),
      pathRefinementOf(multiple, cells),
    );
  };
}

/**
 * Makes what chooses paths.
 *
 * @param tables The model's tables.
 * @param errorCost What a squared error of a step costs.
 * @param rateWeight What a bit costs.
 * @returns The chooser.
 */
export function cheapestPath(
  tables: FrequencyTables,
  errorCost: number,
  rateWeight: number,
): PathChooser {
  const fine = valueCosts(tables);
  const plain: PathCost = (scale, multiple, state) =>
    fine(trellisTable(scale, state), valueOf(multiple));
  return ({ differences, scales, cells, nested, state }) => {
    const cost = nested ? nestedCost(nested, cells) : plain;
    const count = differences.length;
    const choices = new Int32Array(4 * count);
    const search = new PathSearch(state, count);
    const branches = new Float64Array(4);
    for (let i = 0; i < count; i++) {
      const scale = scales[i]!;
      const wanted = differences[i]! * STEP_PARTS / FINE_STEP;
      branches.fill(Infinity);
      const consider = (value: number, quantiser: number) => {
        const multiple = multipleOf(value, quantiser);
        const error = (wanted - multiple) * FINE_STEP / STEP_PARTS;
        const found = errorCost * error ** 2 +
          rateWeight * cost(scale, multiple, quantiser);
        const at = 2 * quantiser + (value & 1);
        if (found >= branches[at]!) return;
        branches[at] = found;
        choices[4 * i + at] = multiple;
      };
      for (const quantiser of [0, 1]) {
        const place = (wanted + quantiser * Math.sign(wanted)) / 2;
        const lower = Math.floor(place);
        consider(lower, quantiser);
        consider(lower + 1, quantiser);
        consider(0, quantiser);
        consider(wanted < 0 ? -1 : 1, quantiser);
      }
      search.step(branches);
    }
    const multiples = new Int32Array(count);
    const last = search.end((i, branch) => {
      multiples[i] = choices[4 * i + branch]!;
    });
    return { multiples, state: last };
  };
}

/** The number of states of a quantiser. */
const HALF = STATES / 2;

/** What a cost of 1 is as a whole number. */
const UNIT = 1024;

/** More than differences between the costs of states. */
const FAR = 2 ** 29;

/** The cheapest path to each state, step by step. */
class PathSearch {
  #costs = new Int32Array(STATES).fill(FAR);
  #next = new Int32Array(STATES);
  /** Of each step and state whether the path comes with an odd value. */
  readonly #odd: Int32Array;
  #count = 0;

  constructor(state: number, steps: number) {
    this.#costs[state] = 0;
    this.#odd = new Int32Array(WORDS * steps);
  }

  /** Takes a step; costs are those of even and odd values of each quantiser. */
  step(branches: Float64Array): void {
    const costs = this.#costs, next = this.#next, odd = this.#odd;
    // Once in a while costs become small again.
    const least = this.#count % 1024 === 0 ? leastOf(costs) : 0;
    const whole = (i: number) => Math.round(branches[i]! * UNIT) - least;
    const [a, b, c, d] = [whole(0), whole(1), whole(2), whole(3)];
    let word = WORDS * this.#count++;
    for (let j = 0; j < HALF;) {
      let first = 0, second = 0;
      // No branches, which a processor could not foresee.
      for (let bit = 0; bit < 32; bit++, j++) {
        const twin = 2 * (j ^ FLIP);
        const even = costs[2 * j]! + a;
        const evenLead = costs[twin]! + b - even;
        next[j] = even + (evenLead & (evenLead >> 31));
        first |= (evenLead >>> 31) << bit;
        const other = costs[2 * j + 1]! + c;
        const otherLead = costs[twin + 1]! + d - other;
        next[j ^ ODD] = other + (otherLead & (otherLead >> 31));
        second |= (otherLead >>> 31) << bit;
      }
      odd[word + WORDS / 2] = second;
      odd[word++] = first;
    }
    this.#costs = next;
    this.#next = costs;
  }

  /** Visits the steps of the cheapest path; returns its last state. */
  end(visit: (step: number, branch: number) => void): number {
    const costs = this.#costs;
    const last = costs.indexOf(leastOf(costs));
    let state = last;
    for (let i = this.#count - 1; i >= 0; i--) {
      const quantiser = state < HALF ? 0 : 1;
      const j = quantiser === 0 ? state : state ^ ODD;
      const word = this.#odd[WORDS * i + quantiser * WORDS / 2 + (j >> 5)]!;
      const bit = (word >>> (j & 31)) & 1;
      visit(i, 2 * quantiser + bit);
      state = 2 * (bit === 0 ? j : j ^ FLIP) + quantiser;
    }
    return last;
  }
}

function leastOf(costs: Int32Array): number {
  return costs.reduce((least, cost) => Math.min(least, cost));
}
