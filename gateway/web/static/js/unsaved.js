// What this person wrote and the server may not have yet, kept by the browser: through a reload, an outage, the end of a
// session, a closed tab. Each person's own: who signs in after them in the same browser sees nothing of it, and signing out
// forgets it. An entry each, so that tabs don't write over each other's.
import { $, uuid } from './dom.js';

const MOST = 30 * 86_400_000;   // the server knows a day longer what is out of date
let left = false;
const mine = (kind = '', key = '') => `unsaved/${$('.app')?.dataset.me}/${kind && `${kind}/${key}`}`;
const names = start => Object.keys(localStorage).filter(name => name.startsWith(start));

export function unsaved(kind) {
  const start = mine(kind), found = {};
  for (const name of names(start)) {
    try {
      const { at, value } = JSON.parse(localStorage.getItem(name));
      if (Date.now() - at < MOST) found[name.slice(start.length)] = value; else localStorage.removeItem(name);
    } catch { localStorage.removeItem(name); }
  }
  return found;
}

export function keep(kind, key, value) {
  if (!$('.app') || left) return;
  try { localStorage.setItem(mine(kind, key), JSON.stringify({ at: Date.now(), value })); } catch { /* a full store keeps what it has */ }
}
export const forget = (kind, key) => localStorage.removeItem(mine(kind, key));

// When another tab of this browser is done with something.
export const onForgotten = (kind, act) => addEventListener('storage', event => {
  if (event.key?.startsWith(mine(kind)) && event.newValue === null) act(event.key.slice(mine(kind).length));
});

export const tab = sessionStorage.getItem('tab') ?? uuid();   // the same after a reload
sessionStorage.setItem('tab', tab);

addEventListener('submit', event => {
  if (event.target.getAttribute('action') !== '/logout') return;
  left = true;
  for (const name of names(mine())) localStorage.removeItem(name);
});
