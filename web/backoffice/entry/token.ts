/** The token of a one-time link: read once, then out of the address, where others might see it. */
import { useEffect, useState } from 'react';
import { useParams } from 'react-router';

export function useToken(): string {
  const { token = '' } = useParams();
  const [kept] = useState(token);
  useEffect(() => {
    const { pathname, hash } = window.location;
    // Not by the router: it would look for another page.
    history.replaceState(history.state, '', `${pathname}${hash.replace(/\/[^/]*$/, '/…')}`);
  }, []);
  return kept;
}
