// What is traded: indicators that must agree, rules, or a strategy that was saved.

import { lazy, Suspense, type JSX } from 'react';
import { Coming } from '../../parts/Panel.tsx';
import { Segments } from '../../parts/Segments.tsx';
import { modeOf, type Mode } from '../draft/draft.ts';
import { Row } from './fields.tsx';
import { useForm } from './form.ts';
import { Indicators } from './Indicators.tsx';
import { Saved } from './Saved.tsx';

/** Comes with the editor, which is large. */
const Rules = lazy(() => import('./Rules.tsx').then((all) => ({ default: all.Rules })));

const OPTIONS: readonly (readonly [Mode, string])[] = [
  ['indicators', 'Indicators'],
  ['rules', 'Rules'],
  ['saved', 'Saved'],
];

export function Strategy(): JSX.Element {
  const { spec, setMode } = useForm();
  const mode = modeOf(spec);
  return (
    <fieldset>
      <legend>Strategy</legend>
      <Row label="Written as">
        <Segments small label="Written as" value={mode} options={OPTIONS} onChange={setMode} />
      </Row>
      {mode === 'indicators' && <Indicators />}
      {mode === 'rules' && (
        <Suspense fallback={<Coming height={264} />}>
          <Rules />
        </Suspense>
      )}
      {mode === 'saved' && <Saved />}
    </fieldset>
  );
}
