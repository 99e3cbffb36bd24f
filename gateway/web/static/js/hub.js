// One stream for all pages of a browser that are open as the same person: a browser keeps six connections to a server and no
// more, so that the seventh page with a stream of its own would stand still, and every request of the others with it.
import { listen } from './stream.js';

const KEPT = 500;        // what a page may have missed between being made and listening
const pages = new Set();
let stream = null, recent = [], complete = 0, last = '';

function tell(kind, data, id) {
  if (id) last = id;
  if (kind === 'change') recent.push({ kind, data, id });
  if (kind === 'reload') { recent = []; complete = Number(id) || complete; }
  if (recent.length > KEPT) complete = Number(recent.shift().id);
  for (const page of pages) page.postMessage({ kind, data, id });
  if (kind === 'signed-out') { pages.clear(); forget(); }   // each page loads again, and whoever then signs in begins anew
}

function forget() {
  stream?.close();
  stream = null;
  recent = [];
}

function join(page, after) {
  pages.add(page);
  if (!stream) { complete = Number(after); stream = listen(after, tell); return; }
  if (Number(after) < complete) page.postMessage({ kind: 'reload', data: '', id: last });
  else for (const one of recent) if (Number(one.id) > Number(after)) page.postMessage(one);
  page.postMessage({ kind: stream.isOpen ? 'open' : 'lost' });
}

const ASKED = {
  join: (page, after) => join(page, after),
  leave(page) { pages.delete(page); if (!pages.size) forget(); },
  rest: () => stream?.rest(),
  wake: () => stream?.wake(),
};
addEventListener('connect', event => {
  const [page] = event.ports;
  page.addEventListener('message', ({ data: { ask, after } }) => ASKED[ask](page, after));
  page.start();
});
