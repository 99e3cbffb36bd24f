// The Messenger in the browser. The server renders everything; this moves it, sends it and keeps it current.
import { $, $$, load, root, signedOut, toast } from './js/dom.js';
import { _ } from './js/words.js';
import { focusFirst, hideMenus, invokedBy, invokerNow, place } from './js/overlays.js';
import { clearSearch, currentId, rowOf, refresh, takeRows } from './js/list.js';
import { paneReady, keepUnread, retryPane, toEnd, toggleSide } from './js/thread.js';
import { mode, usePlain } from './js/composer.js';
import './js/focus.js';
import './js/forms.js';
import './js/redrawn.js';
import './js/sent.js';
import * as alerts from './js/alerts.js';
import * as badge from './js/badge.js';
import * as drafts from './js/drafts.js';
import * as keys from './js/keys.js';
import * as live from './js/live.js';
import * as outbox from './js/outbox.js';
import './js/ahead.js';
import './js/commands.js';
import './js/jump.js';
import * as whereabouts from './js/place.js';
import { refreshTable } from './js/table.js';
import { pickOldest, toggleHere, unpick } from './js/select.js';
import './js/later.js';
import './js/mentions.js';

const cookie = (name, value) => { document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`; };

// Times are shown in the reader's zone; a page made before the server knew it is fetched again, once.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
if (root.dataset.zone !== zone) {
  cookie('zone', zone);
  if (sessionStorage.getItem('zone') !== zone && $('.app')) location.reload();
  sessionStorage.setItem('zone', zone);
}

const ACTS = {
  theme() {
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme:dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    cookie('theme', root.dataset.theme);
  },
  compact(button) { const on = root.classList.toggle('compact'); button.setAttribute('aria-pressed', on); localStorage.setItem('compact', on ? '1' : ''); return true; },
  refresh, side: toggleSide, note: () => mode('note'), 'to-new': () => toEnd(true), plain: usePlain, 'clear-q': clearSearch,
  'take-rows': takeRows, unpick, select: toggleHere, 'table-refresh': refreshTable, 'row-note'() { rowNote($('#m-row').dataset.conversation); }, 'pick-oldest': pickOldest, 'retry-pane': retryPane,
  async zoom(button) { (await import('./js/gallery.js')).zoom(button); }, async keep(button) { (await import('./js/keep.js')).keep(button); }, 'sign-in': () => location.reload(),
};
addEventListener('click', event => {
  const button = event.target.closest('[data-act]'), act = button && ACTS[button.dataset.act];
  if (!act) return;
  if (button.matches('a')) event.preventDefault();
  if (act(button) !== true) button.closest('.menu')?.hidePopover();
});

// A note from a row's menu: its conversation opens first, if it isn't open.
function rowNote(id) {
  if (currentId() === id) { mode('note'); return; }
  document.addEventListener('pane-came', () => mode('note'), { once: true });
  $('.cr-top', rowOf(id)).click();
}

// The menu of a row, the form of a column's filter, the senders a failed message could take instead, and all emoji are asked for
// when they open.
function fill(menu, url) {
  menu.replaceChildren();
  load(url, `#${menu.id}`).then(() => { place(menu, invokedBy()); focusFirst(menu); });
}
const fillRow = (menu, kind) => fill(menu, `/conversations/${menu.dataset.conversation}/menu/${kind}`);
document.addEventListener('toggle', event => {
  const menu = event.target, list = $('#emo-l'), { menu: kind, fill: url } = invokedBy()?.dataset ?? {};
  if (event.newState !== 'open') return;
  if (menu.id === 'm-row' && kind) {
    menu.dataset.conversation = invokedBy().closest('.cr').dataset.id;
    fillRow(menu, kind);
  }
  if (url && menu === invokedBy().popoverTargetElement) fill(menu, url);
  if (menu.id === 'm-emoji' && !list.childElementCount) load(list.dataset.src, '#emo-l').then(() => place(menu, invokedBy()));
}, true);
addEventListener('click', event => {
  const next = event.target.closest('[data-menu-next]');
  if (next) fillRow($('#m-row'), next.dataset.menuNext);
  const unread = event.target.closest('form[action$="/unread"]');
  if (unread) keepUnread();
  const folded = event.target.closest('summary')?.parentNode;
  if (folded?.dataset.fold) localStorage.setItem(`fold-${folded.dataset.fold}`, folded.open ? '1' : '');
});

// An agent and a group that don't go together.
addEventListener('change', event => {
  if (event.target.id !== 'ow-a' && event.target.id !== 'ow-g') return;
  const agent = $('#ow-a').selectedOptions[0], group = $('#ow-g').value;
  $('#ow-w').hidden = !agent?.value || !group || (agent.dataset.groups ?? '').split(' ').includes(group);
});
document.addEventListener('toast', event => toast(event.detail.value ?? event.detail.text ?? ''));
document.addEventListener('htmx:config:request', event => { event.detail.ctx.request.headers['X-CSRF-Token'] = $('meta[name=csrf]')?.content ?? ''; });
document.addEventListener('htmx:response:error', event => { if (event.detail.ctx.response?.status === 401) signedOut(); });
document.addEventListener('htmx:error', event => {
  if (event.detail.error instanceof TypeError && event.detail.ctx?.target?.id !== 'pane') toast(_('No connection. Trying again helps.'));
});
document.addEventListener('htmx:before:swap', () => {
  if (invokedBy() && !invokerNow()) hideMenus();
  // An extension's leftover style attribute would be copied by the swap, which the page's policy forbids.
  for (const marked of $$('[id][style]')) marked.removeAttribute('style');
});

const folds = () => $$('[data-fold]').forEach(box => { if (localStorage.getItem(`fold-${box.dataset.fold}`)) box.open = false; });
document.addEventListener('htmx:after:swap', folds);
folds();
if (localStorage.getItem('compact')) { root.classList.add('compact'); $('[data-act=compact]')?.setAttribute('aria-pressed', 'true'); }
keys.start();
alerts.start();
badge.start();
if (currentId()) paneReady();
whereabouts.start();
drafts.start();
outbox.start();
// What one page alone needs comes with that page, and the dialog's part when it is opened.
document.addEventListener('opened', async event => { if (event.target.id === 'dlg-new') (await import('./js/new.js')).opened(event.target); });
if ($('#new-form')) await import('./js/new.js');
if ($('.set, [data-copy]')) await import('./js/settings.js');
if ($('#sim')) await import('./js/phone.js');
if ($('#campaign, #campaign-state')) await import('./js/campaigns.js');
if ($('#report')) await import('./js/sorting.js');
if ($('#pw')) await import('./js/password.js');
live.start();
