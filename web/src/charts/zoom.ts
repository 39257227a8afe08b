// The wheel belongs to the page; with ctrl, as a pinch on a touchpad sends it, it zooms.

/** Zooms at a place of the box, in pixels from its left, by a factor of the span. */
export function zoomByWheel(box: HTMLElement, zoom: (left: number, factor: number) => void): () => void {
  const hear = (event: WheelEvent): void => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.clientX - box.getBoundingClientRect().left, Math.exp(Math.max(-1, Math.min(1, event.deltaY / 150))));
  };
  box.addEventListener('wheel', hear, { passive: false });
  return () => box.removeEventListener('wheel', hear);
}
