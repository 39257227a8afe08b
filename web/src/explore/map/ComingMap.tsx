import type { JSX } from 'react';
import { Coming } from '../../parts/Panel.tsx';

/** Stands where the map comes, as high as it will be. */
export function ComingMap({ isLine }: { readonly isLine: boolean }): JSX.Element {
  if (isLine) {
    return (
      <>
        <Coming height={320} />
        <div className="map-read" />
      </>
    );
  }
  return (
    <>
      <div className="map-canvas">
        <span className="coming" />
      </div>
      <div className="map-read" />
      <div className="coming-legend" />
    </>
  );
}

/** Stands where the choices above the map come; `held` is the number of sliders. */
export function ComingTools({ held }: { readonly held: number }): JSX.Element {
  return (
    <>
      <div className="map-tools" />
      {held > 0 && (
        <div className="map-held">
          {Array.from({ length: held }, (_, at) => (
            <Coming key={at} height={20} />
          ))}
        </div>
      )}
    </>
  );
}
