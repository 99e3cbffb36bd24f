// The list of conversations: which row is open, where changed rows go, and how rows leave.
import { _, ngettext } from './words.js';
import { $, $$, emit, get, load, toast, wide } from './dom.js';
import { isWaiting } from './commands.js';
import { anyPicked } from './select.js';

export const rows = () => $$('#rows .cr').filter(row => !row.hidden && !row.classList.contains('gone'));
export const rowOf = id => document.getElementById(`row-${id}`);
const byTime = () => ($('#listpane')?.dataset.sort ?? 'newest') === 'newest';
export const currentId = () => $('#pane .thread[data-conversation]')?.dataset.conversation ?? '';
export const current = () => $('#rows .cr.is-on:not([hidden],.gone)');
let opened = '';   // the conversation that is open, or will be in a moment
export const listQuery = () => {
  const query = new URLSearchParams($('#listpane')?.dataset.query ?? ''), search = $('#q')?.value.trim();
  if (search) query.set('q', search);
  return query;
};

export function markOpen(id = '') {
  opened = id;
  if (news.delete(id)) showPill();
  for (const row of $$('#rows .cr.is-on')) { row.classList.remove('is-on'); $('.cr-top', row).removeAttribute('aria-current'); }
  const row = rowOf(id);
  if (!row) return;
  row.classList.add('is-on');
  $('.cr-top', row).setAttribute('aria-current', 'true');
}

export function openRow(row, focus = false) {
  if (!row) return;
  row.scrollIntoView({ block: 'nearest' });
  const link = $('.cr-top', row);
  if (focus) link.focus();
  link.click();
}

let direction = 1;
function beside(onward) {
  const shown = rows(), now = shown.indexOf(current() ?? document.activeElement.closest('.cr'));
  return shown[now < 0 ? 0 : Math.max(0, Math.min(shown.length - 1, now + onward))];
}
// Where the next key would lead, and the one after it.
export const stepped = far => beside(direction * far);

export function step(onward) {
  direction = onward;
  const next = beside(onward);
  if (!next) return;
  if (wide()) openRow(next, true); else $('.cr-top', next).focus();
}

export const setView = view => { const inbox = $('.inbox'); if (inbox) inbox.dataset.view = view; };

export function showNone() {
  markOpen();
  $('#pane').replaceChildren($('#t-none').content.cloneNode(true));
  const query = listQuery().toString();
  history.replaceState({ htmx: true }, '', `/conversations${query ? `?${query}` : ''}`);
  setView('list');
}

function leave(id, end) {
  const row = rowOf(id);
  row?.classList.add('gone');
  setTimeout(() => { if (row?.classList.contains('gone')) end(row); checkEmpty(); emit('rows-left'); }, 180);
}

// A row goes out of sight; answers whether it was the open one.
export function hideRow(id) {
  leave(id, row => { row.hidden = true; });
  return opened === id;
}

export function showRow(id, open = false) {
  const row = rowOf(id);
  if (!row) return;
  row.hidden = false;
  row.classList.remove('gone');
  checkEmpty();
  if (open) openRow(row);
}

export function openNext(id) {
  if (opened !== id) return;   // who went on meanwhile stays there
  const all = $$('#rows .cr'), now = all.indexOf(rowOf(id)), shown = new Set(rows());
  const next = all.slice(now + 1).find(row => shown.has(row)) ?? all.slice(0, Math.max(0, now)).reverse().find(row => shown.has(row));
  if (next && wide()) openRow(next, rowOf(id)?.contains(document.activeElement)); else showNone();
}

export function checkEmpty() {
  const empty = $('#rows-empty');
  if (!empty) return;
  const none = !rows().length && !$('#more-rows');
  empty.hidden = !none;
  if (none && !empty.childElementCount) empty.replaceChildren($('#t-none').content.cloneNode(true));
}

// Rows of conversations that changed: asked for by id, put in place by time, without moving what one looks at. One request
// at a time, and what changes meanwhile together in the next: a thousand arrivals are not a thousand requests, and no
// answer overtakes another.
const MOST = 50;   // ids a request, as the server takes them
const ROOM = 100;  // rows in the page; a list that grew longer while nobody was busy with it starts anew
const changed = new Set(), news = new Set();   // news: what belongs above what one sees, and wasn't opened since
let anew = false, moved = false, asking = null;   // moved: some rows are not in their place

export function refreshRows(ids) {
  if (!$('#rows-box')) return null;
  for (const id of ids) if (!isWaiting(id)) changed.add(id);
  return askRows();
}
export function reloadRows() {
  anew = true;
  return askRows();
}
const wants = () => (anew || changed.size) && $('#rows-box');
// One asks at a time; whoever comes meanwhile waits for the same, and what came too late for it is asked for afterwards.
function askRows() {
  if (!asking && wants()) asking = takeRowsIn().finally(() => { asking = null; return askRows(); });
  return asking;
}
async function takeRowsIn() {
  while (wants()) {
    if (anew || (byTime() && !isBusy() && (moved || changed.size > MOST))) await takeAll();
    else await takeChanged([...changed].slice(0, MOST));
  }
}

// Whether somebody has a hand, an eye or a cursor on the rows as they are.
function isBusy() {
  const list = $('#lscroll');
  return Boolean(list) && (list.matches(':hover') || Boolean(document.activeElement?.closest('#rows .cr')) || list.scrollTop > 40 || anyPicked());
}

async function takeAll() {
  anew = moved = false;
  changed.clear();
  news.clear();
  const query = listQuery();
  if (opened) query.set('current', opened);
  await load(`/inbox/rows?${query}`, '#rows-box', 'outerHTML');
  showPill();
  setTitle();
}

async function takeChanged(wanted) {
  for (const id of wanted) changed.delete(id);
  const query = listQuery();
  query.set('ids', wanted.join(','));
  if (opened) query.set('current', opened);
  const box = $('#rows-box'), answer = await get(`/inbox/changed?${query}`);
  if (!box.isConnected) { refreshRows(wanted); return; }   // the list is another by now
  if (!answer?.ok) return;   // the stream notices a lost connection, and asks for everything when it is back
  await htmx.swap({ sourceElement: $('#listpane'), target: $('#incoming'), swap: 'innerHTML', text: await answer.text() });
  const found = $$('#incoming .cr'), seen = new Set(found.map(row => row.dataset.id)), busy = isBusy();
  for (const id of wanted) if (!seen.has(id) && !isWaiting(id)) { news.delete(id); leave(id, row => row.remove()); }
  for (const row of found) {
    if (isWaiting(row.dataset.id)) { row.remove(); continue; }   // it left while this was on its way
    if ((busy || !byTime()) && moves(row)) {
      moved = true;
      if (row.dataset.id !== opened) news.add(row.dataset.id);
      update(row);
    }
    else put(row);
  }
  if (!busy && byTime() && $('#rows').childElementCount > ROOM) anew = true;
  showPill();
  checkEmpty();
  setTitle();
  emit('rows-shown');
}

const order = row => Number(row.dataset.at);
// The row a changed one goes in front of; none where it would be the last.
const belowOf = (row, old) => $$('#rows > .cr').find(other => other !== old && order(other) < order(row));

function moves(row) {
  const old = $(`#rows > #row-${row.dataset.id}`);
  if (!old) return !byTime() || !$('#more-rows') || Boolean(belowOf(row));   // further down than was asked for yet, it isn't new
  if (!byTime()) return false;   // in another order it stays where it is until the list is asked for anew
  const above = old.previousElementSibling;
  return Boolean(above?.matches('.cr')) && order(above) < order(row);
}

// The content of a row anew, its place kept.
function update(row) {
  const old = $(`#rows > #row-${row.dataset.id}`);
  if (!old) { row.remove(); return; }
  replace(old, row);
}

// What had the focus in a row has it in the new one.
function replace(old, row, place = () => old.replaceWith(row)) {
  const controls = within => $$('a,button,input', within);
  const at = old?.contains(document.activeElement) ? controls(old).indexOf(document.activeElement) : -1;
  place();
  htmx.process(row);
  if (at >= 0) (controls(row)[at] ?? $('.cr-top', row)).focus({ preventScroll: true });
}

function put(row) {
  if (!byTime()) { update(row); return; }
  const list = $('#rows'), old = $(`#rows > #row-${row.dataset.id}`);
  const below = belowOf(row, old);
  if (!below && $('#more-rows') && !old) { row.remove(); return; }
  const stays = old && (below === undefined ? old.nextElementSibling?.matches?.('.cr') !== true : old.nextElementSibling === below);
  replace(old, row, () => {
    if (stays) old.replaceWith(row);
    else { old?.remove(); list.insertBefore(row, below ?? $('#more-rows')); }
  });
}

function showPill() {
  const pill = $('#new-rows');
  if (!pill) return;
  pill.hidden = !news.size;
  $('[data-n]', pill).textContent = ngettext('%(num)s new', '%(num)s new', news.size);
}

export function takeRows() {
  const list = $('#lscroll');
  list.focus({ preventScroll: true });
  list.scrollTop = 0;
  return reloadRows();
}

let iconOf = null;
export function setTitle() {
  const unread = Number($('#unread-rail')?.dataset.unread) || 0;
  document.title = document.title.replace(/^(.*?)(?: \(\d+\))?( · .*)$/, (_, name, rest) => `${name}${unread ? ` (${unread})` : ''}${rest}`);
  if (unread !== iconOf) $('link[rel=icon]').href = unread ? `/icon/${unread}.svg` : '/static/favicon.svg';
  iconOf = unread;
}

export async function refresh(button) {
  $('.i', button)?.animate([{ rotate: '0turn' }, { rotate: '1turn' }], 600);
  await reloadRows();
  emit('news-wanted');
  toast(_('Up to date'));
}

export function clearSearch() {
  const box = $('#q');
  if (!box) return;
  box.value = '';
  $('#q-clear').hidden = true;
  reloadRows();
  const query = listQuery().toString();
  history.replaceState({ htmx: true }, '', `${location.pathname}${query ? `?${query}` : ''}`);
  box.focus();
}

// A list or a table somebody asked for fades when it takes longer than a moment. A class, not `:has(.htmx-request)`: with that
// every request of the page had the styles of the whole list worked out anew, 20 ms of each thread opened.
const LISTS = '#listpane,#rows-box,#t-part';
const asked = on => event => {
  const { target, sourceElement } = event.detail.ctx ?? {};
  if (target?.matches?.(LISTS) && (!on || target !== sourceElement && sourceElement?.closest('.nav,.lt,.menu,.tpage'))) target.classList.toggle('is-asked', on);
};
document.addEventListener('htmx:before:request', asked(true));
document.addEventListener('htmx:finally:request', asked(false));

addEventListener('input', event => { if (event.target.id === 'q') $('#q-clear').hidden = !event.target.value; });
addEventListener('submit', event => {
  if (!event.target.matches('form[data-search]')) return;
  event.preventDefault();
  reloadRows();
});
// An answer changes its own part of the address; the other one, the list or the thread beside it, is as it is by now.
document.addEventListener('htmx:before:history:update', ({ detail: { history: to, sourceElement: from } }) => {
  if ($('#rows-box')) to.path = `/conversations${opened && `/${opened}`}?${from.matches('.cr-top') ? listQuery() : to.path.split('?')[1]}`;
});
document.addEventListener('htmx:after:swap', () => {
  for (const row of $$('#rows .cr')) if (isWaiting(row.dataset.id)) row.hidden = true;
  setTitle();
  markOpen(opened);
});
