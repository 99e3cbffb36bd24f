// Selected conversations, in the list and in tables alike, and what is done to all of them at once.
import { $, $$, command, emit, get, load, toast } from './dom.js';
import { openDialog } from './overlays.js';
import { current } from './list.js';
import { send, wait } from './commands.js';
import { _, ngettext } from './words.js';

const ASKED = {
  finish: n => ngettext('Close this conversation?', 'Close %(num)s conversations?', n),
  complete: n => ngettext('Complete this conversation?', 'Complete %(num)s conversations?', n),
  archive: n => ngettext('Archive this conversation?', 'Archive %(num)s conversations?', n),
  close: n => ngettext('Close this conversation for good?', 'Close %(num)s conversations for good?', n),
};
const SAID = {
  finish: n => ngettext('%(num)s conversation closed', '%(num)s conversations closed', n),
  complete: n => ngettext('%(num)s conversation completed', '%(num)s conversations completed', n),
  archive: n => ngettext('%(num)s conversation archived', '%(num)s conversations archived', n),
  close: n => ngettext('%(num)s conversation closed', '%(num)s conversations closed', n),
  snooze: n => ngettext('%(num)s conversation snoozed', '%(num)s conversations snoozed', n),
};
const verbOf = url => new URL(url, location.href).pathname.split('/').pop();

const picked = new Set();
const beyond = { from: '', ids: new Set() };   // what was selected with all of a list, and is on no page yet
let last = null;   // where a range begins

const boxes = () => $$('[data-pick]').filter(box => { const row = rowOf(box); return row && !row.hidden && !row.classList.contains('gone'); });
const rowOf = box => box.closest('.cr,tr');
export const anyPicked = () => picked.size > 0;

export function showPicked() {
  const shown = boxes(), there = new Set(shown.map(box => box.value)), bar = $('[data-bulk-bar]'), rest = $('[data-pick-rest]');
  if (!picked.size || beyond.from !== rest?.dataset.pickRest) beyond.ids.clear();
  for (const id of picked) if (!there.has(id) && !beyond.ids.has(id)) picked.delete(id);
  for (const box of shown) {
    box.checked = picked.has(box.value);
    rowOf(box).classList.toggle('picked', box.checked);
  }
  if (!bar) return;
  bar.hidden = !picked.size;
  const all = picked.size > 0 && shown.every(box => picked.has(box.value));
  if (rest) rest.hidden = !all || beyond.ids.size > 0 || Boolean($('#rows') && !$('#more-rows'));
  $('[data-picked]', bar).textContent = ngettext('%(num)s selected', '%(num)s selected', picked.size);
  $('#rows')?.classList.toggle('selecting', picked.size > 0);
  for (const box of $$('[data-pick-all]')) {
    box.checked = all;
    box.indeterminate = picked.size > 0 && !all;
  }
}

function pick(box, on, range = false) {
  const shown = boxes(), from = range && last ? shown.findIndex(other => other.value === last) : -1, to = shown.indexOf(box);
  const some = from < 0 ? [box] : shown.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const one of some) on ? picked.add(one.value) : picked.delete(one.value);
  last = box.value;
  showPicked();
}

export function pickAll(on = true) {
  if (!on) picked.clear();
  else for (const box of boxes()) picked.add(box.value);
  showPicked();
}

// All that belong to the list, also those that are on no page yet.
async function pickRest(button) {
  if (button.classList.contains('is-busy')) return;
  button.classList.add('is-busy');
  const from = button.dataset.pickRest, answer = await get(from);
  button.classList.remove('is-busy');
  if (!answer?.ok) { toast(_('That did not work. Nothing was changed.')); return; }
  if (!picked.size || !button.isConnected) return;
  beyond.from = from;
  for (const id of (await answer.json()).ids) { picked.add(id); beyond.ids.add(id); }
  showPicked();
  $('[data-bulk-bar] [data-ask-bulk]')?.focus();
}
export function unpick() {
  picked.clear();
  showPicked();
}

// The key x: the row that has the focus, else the open one, else the first.
export function toggleHere() {
  const row = document.activeElement.closest?.('.cr,tr[data-id]') ?? current() ?? rowOf(boxes()[0] ?? document.body);
  const box = row && $('[data-pick]', row);
  if (box) pick(box, !picked.has(box.value));
}

export async function pickOldest(button) {
  const { href, n } = button.dataset;
  await load(href, '#listpane', 'outerHTML');
  picked.clear();
  boxes().slice(0, Number(n)).forEach(box => picked.add(box.value));
  showPicked();
  $('[data-bulk-bar] button')?.focus();
}

addEventListener('click', event => { const rest = event.target.closest('[data-pick-rest]'); if (rest) pickRest(rest); });
let clickedWithShift = false;
addEventListener('click', event => { if (event.target.matches?.('[data-pick]')) clickedWithShift = event.shiftKey; }, true);
addEventListener('change', event => {
  const box = event.target;
  if (box.matches('[data-pick]')) pick(box, box.checked, clickedWithShift);
  if (box.matches('[data-pick-all]')) pickAll(box.checked);
});

// One question before what can be undone only for a while.
addEventListener('click', event => {
  const button = event.target.closest('[data-ask-bulk]');
  if (!button) return;
  const { verb, words } = button.dataset, yes = $('#bulk-yes');
  $('#bulk-t').textContent = ASKED[verb](picked.size);
  $('#bulk-p').textContent = words;
  yes.textContent = button.textContent.trim() || button.ariaLabel;
  yes.setAttribute('formaction', `/conversations/bulk/${verb}`);
  openDialog('dlg-bulk');
});

// One form has all the buttons, and Enter in a box would press the first of them, wherever it is: it presses the box's own.
addEventListener('keydown', event => {
  const box = event.target;
  if (event.key !== 'Enter' || box.tagName !== 'INPUT' || !box.form?.matches('form[data-bulk]')) return;
  event.preventDefault();
  $('[type=submit]', box.closest('dialog') ?? document.createElement('i'))?.click();
});

addEventListener('submit', async event => {
  const form = event.target;
  if (!form.matches('form[data-bulk]')) return;
  event.preventDefault();
  const { submitter } = event, ids = [...picked], url = submitter?.formAction ?? form.action;
  const fields = [...new FormData(form, submitter)].filter(([name]) => name !== 'ids').concat(ids.map(id => ['ids', id]));
  submitter?.closest('dialog,.menu')?.[submitter.closest('dialog') ? 'close' : 'hidePopover']();
  if (!ids.length) return;
  for (const box of $$('#dlg-bulk-tags input')) box.type === 'checkbox' ? (box.checked = false) : (box.value = '');
  await Promise.all(ids.map(id => send(id)));   // what still waits for one of them goes first
  unpick();
  const said = SAID[verbOf(url)];
  if (said) { wait(ids, url, [...fields, ['quiet', '1']], said(ids.length), true); return; }
  const answer = await command(url, fields);
  if (answer.ok) emit('rows-stale', ids);
  else if (!answer.told) toast(_('That did not work. Nothing was changed.'));
});

document.addEventListener('htmx:after:swap', showPicked);
document.addEventListener('rows-shown', showPicked);
