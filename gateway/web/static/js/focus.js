// Focus that would fall to nowhere, since what had it was replaced, hidden or closed, goes to what took its place; without
// such a thing, to the part of the page it was in. Whoever works by keyboard is never sent back to the beginning.
// Of rows that are moved and taken away (data-kin) the row keeps it, else the button that stands there now.
import { $, $$ } from './dom.js';
import { current } from './list.js';

const MARKS = ['data-kin', 'data-chip', 'data-view-key', 'popovertarget', 'data-key-act', 'data-dlg', 'data-sort', 'data-tab', 'data-act', 'name', 'href'];
const PARTS = {
  '#rows': () => $('.cr-top', current() ?? $('#rows .cr:not([hidden],.gone)') ?? undefined) ?? $('#lscroll'),
  '#listpane': () => $('#lscroll'),
  '#side': () => $('#side [role=tab][aria-selected=true]'),
  '#pane': () => $('#scroll'),
  '.tpage': () => $('.tbl-w'),
};
let last = null;   // what had the focus: the element, where it was, and how to know the one in its place

function note(el) {
  const part = Object.keys(PARTS).find(one => el.closest(one));
  const mark = MARKS.find(name => el.hasAttribute(name));
  last = { el, part, id: el.id, row: el.closest('.cr')?.id, thread: threadOf(el), mark: mark && `[${mark}="${CSS.escape(el.getAttribute(mark))}"]` };
  if (mark === 'data-kin') Object.assign(last, { set: el.closest('fieldset')?.id, at: $$(last.mark).indexOf(el) });
}
const threadOf = el => el.closest('.thread')?.dataset.conversation;
addEventListener('focusin', event => note(event.target));
if (document.activeElement !== document.body) note(document.activeElement);   // who was quicker than the script
const seen = el => el?.isConnected && el.checkVisibility() && !el.disabled;

function heir() {
  // Of another thread only the thread: the button one pressed for this one isn't meant for the next.
  const same = !last.thread || $('#pane .thread')?.dataset.conversation === last.thread;
  const within = (last.row && document.getElementById(last.row)) || (last.part && $(last.part)) || document;
  const kin = last.mark ? $$(last.mark, within) : [], byId = id => id && document.getElementById(id);
  const found = same ? [byId(last.id), byId(last.set), ...(last.at === undefined ? kin : [kin[last.at], kin.at(-1)])] : [];
  return found.find(seen);
}

export function keepFocus() {
  if (!last || document.activeElement !== document.body || seen(last.el) || $('dialog[open]')) return;
  const menu = $('.menu:popover-open');
  const to = menu ? $('select,input:not([type=hidden]),button,a', menu) : heir() ?? (last.part && PARTS[last.part]()) ?? ($('#scroll') || $('#lscroll'));
  (seen(to) ? to : $('#main'))?.focus({ preventScroll: true });
}

// What is moved or hidden for a moment while a part is morphed is still there afterwards, without the focus: it has it back
// before the next key. (Listened to after the menus, which show again what was searched for.)
let held = null;
document.addEventListener('htmx:before:swap', () => { held = document.activeElement; });
document.addEventListener('htmx:before:settle', () => { if (document.activeElement === document.body && seen(held)) held.focus({ preventScroll: true }); });

for (const name of ['htmx:after:swap', 'rows-shown', 'rows-left']) document.addEventListener(name, () => requestAnimationFrame(keepFocus));
for (const name of ['toggle', 'close']) addEventListener(name, () => requestAnimationFrame(keepFocus), true);
