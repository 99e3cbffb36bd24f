// The table of conversations: a row opens where its name leads, and says when it has grown old.
import { $, $$, load, paced } from './dom.js';
import { anyPicked } from './select.js';

addEventListener('click', event => {
  const row = event.target.closest('.tbl tbody tr');
  if (!row || event.target.closest('a,button,input,label') || String(getSelection())) return;
  $('[data-open]', row)?.click();
});

export function stepRow(onward) {
  const links = $$('.tbl [data-open]').filter(link => !link.closest('tr').hidden);
  const now = links.findIndex(link => link.closest('tr').contains(document.activeElement));
  const next = links[now < 0 ? 0 : Math.max(0, Math.min(links.length - 1, now + onward))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}
export const isTable = () => Boolean($('#t-part'));

export const refreshTable = () => load(location.pathname + location.search, '#t-part', 'outerHTML');

// It is fetched anew while nobody is busy with it; otherwise it says so and waits.
const stale = paced(800, 3000, () => {
  if (!isTable()) return;
  const busy = anyPicked() || $('.tbl-w').matches(':hover') || $('#tpage').contains(document.activeElement) || $('dialog[open],.menu:popover-open');
  if (busy) $('#t-stale').hidden = false; else refreshTable();
});
document.addEventListener('live-change', event => { if (event.detail.conversations?.length) stale(); });
document.addEventListener('rows-stale', () => { if (isTable()) refreshTable(); });
