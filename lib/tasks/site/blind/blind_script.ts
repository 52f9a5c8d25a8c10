/**
 * The blind comparison in the browser: shows a pair, counts the pick.
 *
 * @module
 */
/// <reference lib="dom" />
import {
  type BlindChoices,
  type BlindPair,
  type BlindTally,
  countPick,
  drawPair,
  readTally,
  tellPair,
} from "./blind_choices.ts";

const KEY = "onecode.blind";

/** Pixels of the screen for each pixel of a photo. */
const SCALE = 3;

const root = document.querySelector<HTMLElement>("#blind")!;
const part = <Kind extends HTMLElement = HTMLElement>(name: string) =>
  root.querySelector<Kind>(`[data-part="${name}"]`)!;
const choices = JSON.parse(part("choices").textContent!) as BlindChoices;
const buttons = [...root.querySelectorAll<HTMLButtonElement>("[data-pick]")];

let pair: BlindPair;

/** Draws one square of a strip, enlarged without smoothing. */
async function show(name: string, strip: string, index: number) {
  const image = new Image();
  image.src = strip;
  await image.decode();
  const canvas = part<HTMLCanvasElement>(name);
  const { side } = choices;
  canvas.width = canvas.height = SCALE * side;
  const context = canvas.getContext("2d")!;
  context.imageSmoothingEnabled = false;
  context.drawImage(
    image,
    ...[0, index * side, side, side] as const,
    ...[0, 0, canvas.width, canvas.height] as const,
  );
}

async function next(): Promise<void> {
  pair = drawPair(choices, Math.random);
  part("truth").hidden = true;
  part("status").textContent = `Photo: ${choices.photos[pair.photo]}`;
  await show("left", choices.ways[pair.left]!.strip, pair.photo);
  await show("right", choices.ways[pair.right]!.strip, pair.photo);
  for (const button of buttons) button.disabled = false;
}

async function pick(side: "left" | "right"): Promise<void> {
  for (const button of buttons) button.disabled = true;
  const [left, right] = [pair.left, pair.right].map((i) =>
    choices.ways[i]!.name
  ) as [string, string];
  const [picked, rejected] = side === "left" ? [left, right] : [right, left];
  keep(countPick(kept(), picked, rejected));
  part("status").textContent = tellPair(choices, pair);
  await show("original", choices.original, pair.photo);
  part("truth").hidden = false;
}

/** Browsers may forbid to keep anything; then the tally lasts for the page. */
let memory: BlindTally = {};

function kept(): BlindTally {
  try {
    return readTally(localStorage.getItem(KEY));
  } catch {
    return memory;
  }
}

function keep(tally: BlindTally): void {
  memory = tally;
  try {
    localStorage.setItem(KEY, JSON.stringify(tally));
  } catch {
    // It is in memory.
  }
  showTally();
}

function showTally(): void {
  const tally = kept();
  part("tally").replaceChildren(...choices.ways.map(({ name }) => {
    const { picked, shown } = tally[name] ?? { picked: 0, shown: 0 };
    const row = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = name;
    const cells = [picked, shown].map((count) => {
      const cell = document.createElement("td");
      cell.textContent = String(count);
      return cell;
    });
    row.append(head, ...cells);
    return row;
  }));
}

for (const button of buttons) {
  const side = button.dataset["pick"] as "left" | "right";
  button.addEventListener("click", () => void pick(side));
}
part("next").addEventListener("click", () => void next());
part("reset").addEventListener("click", () => keep({}));
root.hidden = false;
showTally();
void next();
