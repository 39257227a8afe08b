// The keys of the screen, shown by `?`. Its dialog comes when it is asked for.

import { lazy, Suspense, type JSX } from 'react';

const DialogBox = lazy(() => import('./DialogBox.tsx').then((all) => ({ default: all.DialogBox })));

const KEYS = [
  ['/', 'Search'],
  ['j  k', 'Next row, row before'],
  ['Enter', 'Open the row'],
  ['x', 'Choose the row'],
  ['c', 'Compare what is chosen'],
  ['n', 'New job'],
  ['h', 'Into the map; arrows read its cells'],
  ['[  ]', 'Held value: one less, one more'],
  [',  .', 'Trade before, next trade'],
  ['w', 'The numbers behind the verdict'],
  ['?', 'These keys'],
  ['Esc', 'Close, then clear'],
] as const;

export function KeysBox({ onClose }: { readonly onClose: () => void }): JSX.Element {
  return (
    <Suspense>
      <DialogBox title="Keys" onClose={onClose}>
        <table className="numbers">
          <tbody>
            {KEYS.map(([key, words]) => (
              <tr key={key}>
                <th scope="row">
                  {key.split('  ').map((one) => (
                    <kbd key={one}>{one}</kbd>
                  ))}
                </th>
                <td>{words}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </DialogBox>
    </Suspense>
  );
}
