// Single keys, off while typing, and off altogether for who wants that.
import { $, $$, inField, post, root, wide } from './dom.js';
import { openDialog, openMenu } from './overlays.js';
import { current, currentId, step } from './list.js';
import { anyPicked, toggleHere, unpick } from './select.js';
import { press } from './commands.js';
import { isTable, stepRow } from './table.js';
import { mode, send } from './composer.js';
import { isComing, toggleSide } from './thread.js';

const on = () => root.dataset.keys !== 'off';
const menu = (id, within = '.thead') => openMenu(id, $(`${within} [popovertarget=${id}]`));
const visit = id => { if (!openDialog(id)) location.href = '/new'; };

// With conversations selected a verb is for them; with none open it is for the row that has the focus.
function verb(name, bulk) {
  if (anyPicked() && bulk) { $(`[data-key-act~="bulk-${bulk}"]`)?.click(); return; }
  const row = document.activeElement.closest?.('.cr');
  if (row && row.dataset.id !== currentId()) { $(`[data-row-act~="${name}"]`, row)?.click(); return; }
  press(name);
}

const KEYS = {
  x: toggleHere, z: () => $$('#toasts [data-undoes]').at(-1)?.click(),
  '?': () => openDialog('dlg-help'), c: () => visit('dlg-new'), '/': () => ($('#q') ?? $('#tq'))?.focus(),
  j: () => isTable() ? stepRow(1) : step(1), k: () => isTable() ? stepRow(-1) : step(-1), e: () => verb('complete', 'complete'), i: () => press('claim'), a: () => verb('assign', 'assign'),
  s: () => anyPicked() ? menu('m-bulk-snooze', '[data-bulk-bar]') : menu('m-snooze'), t: () => anyPicked() ? verb('tags', 'tags') : menu('m-tags'), u: () => press('unread'), '#': () => verb('close', 'close'),
  r: () => mode('reply'), n: () => mode('note'), ']': toggleSide,
};

// Out of a box: to what it belongs to, where the keys go on, and never to nowhere.
function leave(box) {
  const around = box.closest('.thread') ? $('#scroll') : box.closest('.listpane') ? current()?.querySelector('.cr-top') ?? $('#lscroll') : null;
  (around ?? $('#main'))?.focus({ preventScroll: true });
  if (document.activeElement === box) box.blur();
}

// Back from where nothing is typed: the contact's panel that lies over the thread goes; one pane wide, the thread does.
function back() {
  const panel = $('#side'), over = panel?.checkVisibility() && innerWidth < 1380;
  if (over) { toggleSide(); $('.thead [data-act=side]')?.focus({ preventScroll: true }); }
  else if (!wide() && $('.inbox')?.dataset.view === 'thread') $('.backb')?.click();
}

// A key for a thread that is still on its way waits until it is there, and what is typed after r, n or t with it: neither the
// thread one leaves nor a single-key command may get it.
const FOR_THREAD = 'aistunr';
let held = '', typed = '';
function hold(key) {
  if (!isComing() || !(held || FOR_THREAD.includes(key))) return false;
  if (!held) held = key;
  else if (key.length === 1) typed += key;
  else if (key === 'Backspace') typed = typed.slice(0, -1);
  return true;
}
document.addEventListener('pane-came', () => {
  const [key, text] = [held, typed];
  held = typed = '';
  if (!key || !currentId()) return;
  KEYS[key]();
  if (text && inField(document.activeElement)) document.execCommand('insertText', false, text);
});

addEventListener('keydown', event => {
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key.toLowerCase() === 'k') { event.preventDefault(); openDialog('dlg-jump'); return; }
  if (control && event.key === 'Enter' && event.target.id === 'msg') { event.preventDefault(); send(); return; }
  if (control && event.key === 'Enter' && event.target.id === 'nc-body') { event.preventDefault(); event.target.form.requestSubmit(); return; }
  if (event.key === ' ' && event.target.matches?.('a[role=button]')) { event.preventDefault(); event.target.click(); return; }   // as a button does
  if (event.key === 'Escape' && anyPicked() && !$('dialog[open]') && !$('.menu:popover-open')) { unpick(); return; }
  if (event.key === 'Escape' && inField(event.target) && !event.target.closest('dialog,.menu')) { leave(event.target); return; }
  if (event.key === 'Escape' && !event.defaultPrevented && !$('dialog[open],.menu:popover-open')) { back(); return; }
  if (event.key === '/' && event.target.matches?.('.msgbox') && !event.target.value) {
    const quick = event.target.id === 'nc-body' ? 'n-quick' : event.target.closest('.is-note') ? 'm-qnote' : 'm-quick';
    if (document.getElementById(quick)) { event.preventDefault(); openMenu(quick, $(`[popovertarget=${quick}]`)); return; }
  }
  if (control || event.altKey || !on() || inField(event.target) || $('dialog[open],.menu:popover-open')) return;
  if (hold(event.key)) { event.preventDefault(); return; }
  const act = KEYS[event.key];
  if (act) { event.preventDefault(); act(); }
});

export function start() {
  const toggle = $('#keys-on');
  if (toggle) toggle.checked = on();
}
addEventListener('change', event => {
  if (event.target.id !== 'keys-on') return;
  root.dataset.keys = event.target.checked ? 'on' : 'off';
  post('/settings/account/keys', { on: event.target.checked ? '1' : '' });
});
