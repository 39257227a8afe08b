// Where the parts of the drawing stand on so many pixels: no label leaves the drawing, and none lies on another.

import { decimal } from '../../words/format.ts';
import type { LuckPicture, Mark } from './luck-picture.ts';
import { decimalsOf, roundTicks } from './ticks.ts';

export interface Label {
  readonly words: string;
  /** Middle of the text. */
  readonly x: number;
}

export interface LuckLayout {
  readonly x: (value: number) => number;
  readonly luck: Label | null;
  readonly own: Label;
  /** Whether both labels would touch in one row, so that they need two. */
  readonly isTight: boolean;
  readonly ticks: readonly (Label & { readonly at: number })[];
}

/** Pixels of a letter at 11 px, with some room. */
const LETTER = 6.3;
const GAP = 10;

const widthOf = (words: string): number => words.length * LETTER;

export function layOut(picture: LuckPicture, width: number): LuckLayout {
  const { from, to } = picture;
  const x = (value: number): number => Math.max(0, Math.min(width, ((value - from) / (to - from || 1)) * width));
  const place = ({ at, words }: Mark): Label => ({ words, x: inside(x(at), widthOf(words), width) });
  const own = place(picture.own);
  const luck = picture.luck === null ? null : place(picture.luck);
  const needed = luck === null ? 0 : (widthOf(own.words) + widthOf(luck.words)) / 2 + GAP;
  return {
    x,
    own,
    luck,
    isTight: luck !== null && Math.abs(own.x - luck.x) < needed,
    ticks: ticksOf(from, to, width).map(({ at, words }) => ({
      at: x(at),
      words,
      x: inside(x(at), widthOf(words), width),
    })),
  };
}

function inside(x: number, needs: number, width: number): number {
  const half = Math.min(needs, width) / 2;
  return Math.max(half, Math.min(width - half, x));
}

/** As many round places as have room for their labels. */
function ticksOf(from: number, to: number, width: number): readonly Mark[] {
  for (let about = 6; about > 0; about -= 1) {
    const places = roundTicks(from, to, about);
    const digits = decimalsOf((places[1] ?? 1) - (places[0] ?? 0));
    const marks = places.map((at) => ({ at, words: decimal(at, digits) }));
    const widest = Math.max(0, ...marks.map(({ words }) => widthOf(words)));
    if (marks.length * (widest + GAP) <= width) return marks;
  }
  return [];
}
