// What this person wrote and the server may not have yet, kept by the tab: through a reload, an outage, the end of a session.
// Each person's own: who signs in after them in the same tab sees nothing of it, and signing out forgets it.
import { $ } from './dom.js';

const NAME = 'unsaved';
let left = false;
const me = () => $('.app')?.dataset.me;
const all = () => { try { return JSON.parse(sessionStorage.getItem(NAME)) ?? {}; } catch { return {}; } };
const put = found => { try { sessionStorage.setItem(NAME, JSON.stringify(found)); } catch { /* a full store keeps what it has */ } };

export const unsaved = kind => all()[me()]?.[kind] ?? {};

export function keep(kind, key, value) {
  if (!me() || left) return;
  const found = all();
  ((found[me()] ??= {})[kind] ??= {})[key] = value;
  put(found);
}

export function forget(kind, key) {
  const found = all();
  if (!found[me()]?.[kind]?.[key]) return;
  delete found[me()][kind][key];
  put(found);
}

addEventListener('submit', event => {
  if (event.target.getAttribute('action') !== '/logout') return;
  left = true;
  sessionStorage.removeItem(NAME);
});
