// Where one was in the list. A reload, the browser's Back and the way back from a thread on a phone make the list anew: it
// is shown at the same row again, not from the top. A link to the list begins at the top, as ever.
import { $, later } from './dom.js';
import { listQuery, rowOf, rows } from './list.js';

const NAME = 'place', PAGES = 10;
let place = null, leads = false;   // the row at the top, and how far below the edge; whether the way leads back here

function note() {
  const list = $('#lscroll');
  if (!list?.checkVisibility()) return;
  const edge = list.getBoundingClientRect().top, top = one => one.getBoundingClientRect().top - edge;
  const row = list.scrollTop > 0 && rows().find(one => top(one) > -one.offsetHeight / 2);
  place = row ? { query: listQuery().toString(), id: row.dataset.id, top: top(row) } : null;
}
const soon = later(150, note);
addEventListener('scroll', event => { if (event.target.id === 'lscroll') soon(); }, true);
addEventListener('click', event => {
  if (event.target.closest('#rows')) note();
  if (event.target.closest('.backb')) leads = true;
}, true);
addEventListener('pagehide', () => sessionStorage.setItem(NAME, JSON.stringify(place && { ...place, leads })));

// Back and forward load the page anew. Not by htmx, which begins to listen a task after its script: Back before that changes
// the address alone, as it does while the page it led to is still on its way.
const [{ type = '', name = location.href } = {}] = performance.getEntriesByType('navigation');
const anew = () => { if (history.state?.htmx) location.reload(); };
addEventListener('popstate', anew);
document.addEventListener('htmx:before:history:restore', event => event.preventDefault());
if (!name.split('#')[0].endsWith(location.pathname + location.search)) anew();

const more = () => new Promise(done => {
  const end = () => { clearTimeout(timer); document.removeEventListener('htmx:after:swap', end); done(); }, timer = setTimeout(end, 3000);
  document.addEventListener('htmx:after:swap', end);
  $('#more-rows').scrollIntoView();
});

export async function start() {
  const kept = JSON.parse(sessionStorage.getItem(NAME) || 'null'), list = $('#lscroll');
  if (!kept || !list || kept.query !== listQuery().toString() || !(kept.leads || /^(reload|back_forward)$/.test(type))) return;
  place = kept;   // of a list that a phone doesn't show now, for when it does
  for (let page = 0; page < PAGES && list.checkVisibility() && !rowOf(kept.id) && $('#more-rows .sp'); page += 1) await more();
  const row = rowOf(kept.id);
  if (row && list.checkVisibility()) list.scrollTop += row.getBoundingClientRect().top - list.getBoundingClientRect().top - kept.top;
}
