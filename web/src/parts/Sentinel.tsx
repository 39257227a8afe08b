import { useEffect, useRef, type JSX } from 'react';

/** Asks for more when it comes into sight. */
export function Sentinel({ onSeen }: { readonly onSeen: () => void }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const seen = useRef(onSeen);
  useEffect(() => {
    seen.current = onSeen;
  });
  useEffect(() => {
    const observer = new IntersectionObserver((all) => all.some((one) => one.isIntersecting) && seen.current(), {
      rootMargin: '400px',
    });
    if (place.current !== null) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return <div ref={place} className="more" />;
}
