/**
 * What the page keeps for a reload, in this tab only. The launch token leaves the address bar at once; a short
 * name of the saved session takes its place, so a reload, and a frame built anew with the old link, both find it.
 */
export type Saved = { name: string; token: string; opening: string; key: string | null };

const memory = new Map<string, string>();

function read(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return memory.get(name) ?? null;
  }
}

function write(name: string, value: string): void {
  try {
    sessionStorage.setItem(name, value);
  } catch {
    memory.set(name, value); // storage is forbidden here: the session lasts as long as the page
  }
}

function parse(text: string | null): Saved | null {
  return text === null ? null : (JSON.parse(text) as Saved);
}

/** The session saved under the address's token or name. */
export function findSaved(query: URLSearchParams): Saved | null {
  const token = query.get('token');
  const name = token === null ? query.get('s') : read(`studio-token ${token}`);
  return name === null ? null : parse(read(`studio-session ${name}`));
}

/** Keeps the session and takes the token out of the address. */
export function keepSaved(saved: Saved): void {
  write(`studio-session ${saved.name}`, JSON.stringify(saved));
  write(`studio-token ${saved.token}`, saved.name);
  const url = new URL(location.href);
  url.searchParams.delete('token');
  url.searchParams.set('s', saved.name);
  history.replaceState(null, '', url);
}
