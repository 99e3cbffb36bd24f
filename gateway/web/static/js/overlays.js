// Menus, dialogs, tooltips and tabs: where they open, how keys move in them, where focus returns.
import { $, $$, inField, later } from './dom.js';

let invoker = null;
export const invokedBy = () => invoker;

// The button that opened a menu, or the one in its place since its row was made anew: news don't close what one is about to use.
export function invokerNow() {
  if (!invoker || invoker.isConnected) return invoker;
  const row = invoker.closest('.cr'), again = row && $(`#${row.id} [data-menu="${invoker.dataset.menu}"]`);
  if (!again) return null;
  for (const menu of $$('.menu:popover-open')) if (menu.opener === invoker) { menu.opener = again; again.setAttribute('aria-expanded', 'true'); }
  invoker = again;
  return again;
}

// Positions are rules of a sheet of our own: a style attribute would be copied by swaps, which the page's policy forbids.
const sheet = new CSSStyleSheet(), rules = new Map();
document.adoptedStyleSheets.push(sheet);
function put(el, declarations) {
  declarations ? rules.set(el.id, declarations) : rules.delete(el.id);
  sheet.replaceSync([...rules].map(([id, what]) => `#${CSS.escape(id)}{${what}}`).join(''));
}

export function place(menu, button, { gap = 4, width } = {}) {
  if (width) put(menu, `width:${width}px`);
  const at = button.getBoundingClientRect(), wide = menu.offsetWidth, high = menu.offsetHeight;
  const rtl = getComputedStyle(button).direction === 'rtl';
  let x = (at.left + wide > innerWidth - 8) !== rtl ? at.right - wide : at.left;
  if (rtl && at.right - wide < 8) x = at.left;
  let y = at.bottom + gap;
  if (y + high > innerHeight - 8) y = at.top - high - gap > 8 ? at.top - high - gap : Math.max(8, innerHeight - high - 8);
  put(menu, `left:${Math.max(8, Math.min(x, innerWidth - wide - 8))}px;top:${y}px${width ? `;width:${width}px` : ''}`);
}

const isMenu = el => el.matches?.('.menu[popover]:not([popover=manual])');

addEventListener('click', event => {
  const button = event.target.closest('[popovertarget]');
  if (!button || (button.closest('.menu') && invoker)) return;
  const menu = button.popoverTargetElement;
  if (menu?.matches(':popover-open') && menu.opener !== button) menu.hidePopover();   // another row's: it opens again, at this one
  invoker = button;
}, true);

// What is typed right after the press is meant for the menu: the browser moves the focus as it shows it, not a task later.
// (Written in the page it would be htmx that moves it, whenever a thread with its closed menus comes in.)
const firstOf = menu => $('.find:not([hidden]) .in', menu) ?? $('.mi:not([disabled],[hidden]),button:not([hidden])', menu);
export const focusFirst = menu => firstOf(menu)?.focus();
addEventListener('beforetoggle', event => {
  const menu = event.target;
  if (!isMenu(menu) || event.newState !== 'open') return;
  menu.classList.add('placing');
  firstOf(menu)?.toggleAttribute('autofocus', true);
}, true);

// Where one goes back to: where one was when a key opened the menu; else the button that did, or the one that took its
// place when its row or the head was made anew.
function openerOf(menu) {
  const { from } = menu;
  menu.from = null;
  if (from?.isConnected && from !== document.body && from.checkVisibility()) return from;
  if (menu.opener?.isConnected) return menu.opener;
  const row = menu.opener?.closest('.cr'), kind = menu.opener?.dataset.menu;
  return row ? $(`#${row.id} [data-menu=${kind}]`) ?? $(`#${row.id} .cr-top`) : $(`[popovertarget=${menu.id}]`);
}

addEventListener('toggle', event => {
  const menu = event.target;
  if (!isMenu(menu)) return;
  if (event.newState === 'open') {
    menu.opener?.setAttribute('aria-expanded', 'false');
    if (invoker) { place(menu, invoker); invoker.setAttribute('aria-expanded', 'true'); menu.opener = invoker; }
    menu.classList.remove('placing');
    for (const one of $$('[autofocus]', menu)) one.removeAttribute('autofocus');
    if (!menu.contains(document.activeElement)) focusFirst(menu);
  } else {
    menu.opener?.setAttribute('aria-expanded', 'false');
    if (document.activeElement === document.body || menu.contains(document.activeElement)) openerOf(menu)?.focus();
  }
}, true);

addEventListener('keydown', event => {
  const menu = event.target.closest?.('.menu[popover]');
  if (!menu || !['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(event.key)) return;
  if (inField(event.target) && /Home|End/.test(event.key)) return;
  if (event.target.type === 'datetime-local') return;
  const items = $$('.mi,.emo-g button', menu).filter(item => item.offsetParent && !item.disabled);
  const now = items.indexOf(document.activeElement);
  event.preventDefault();
  const next = { Home: 0, End: -1, ArrowDown: (now + 1) % items.length, ArrowUp: now <= 0 ? -1 : now - 1 }[event.key];
  items.at(next)?.focus();
});

export function openMenu(id, button) {
  const menu = document.getElementById(id);
  if (!menu || !button) return;
  invoker = button;
  menu.from = document.activeElement;
  menu.showPopover();
}

// One that was opened before there was a script opens once more: at its button, and with what is asked for when it opens.
setTimeout(() => {
  const button = document.activeElement;
  if (button?.popoverTargetElement?.matches('.menu:popover-open')) button.click();
});

export const hideMenus = () => $$('.menu:popover-open').forEach(menu => menu.hidePopover());

// A menu that is opened from within another takes its place.
addEventListener('click', event => {
  const next = event.target.closest('.menu [popovertarget]');
  if (!next) return;
  event.preventDefault();
  hideMenus();
  openMenu(next.getAttribute('popovertarget'), invoker);
});

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return false;
  hideMenus();
  dialog.showModal();
  // Not `autofocus`: of what comes with a thread htmx focuses that, closed dialog or not, and the page is laid out once more.
  $('[data-focus]', dialog)?.focus();
  dialog.dispatchEvent(new CustomEvent('opened', { bubbles: true }));
  return true;
}

addEventListener('click', event => {
  const opener = event.target.closest('[data-dlg]'), closer = event.target.closest('[data-close]');
  if (closer?.closest('dialog')) { event.preventDefault(); closer.closest('dialog').close(); }
  if (opener && !opener.disabled && document.getElementById(opener.dataset.dlg)) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openDialog(opener.dataset.dlg);
  }
  const dialog = event.target;
  if (dialog.matches?.('dialog')) {
    const box = dialog.getBoundingClientRect();
    if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) dialog.close();
  }
});

// Asks before something that can't be undone; resolves to yes or no.
export function ask(title, words, yes) {
  const dialog = $('#dlg-ask'), button = $('#ask-yes');
  $('#ask-t').textContent = title;
  $('#ask-p').textContent = words;
  button.textContent = yes;
  return new Promise(resolve => {
    let agreed = false;
    const agree = () => { agreed = true; dialog.close(); };
    button.addEventListener('click', agree, { once: true });
    dialog.addEventListener('close', () => { button.removeEventListener('click', agree); resolve(agreed); }, { once: true });
    openDialog('dlg-ask');
  });
}

// One tooltip for every [data-tip]: names of icon buttons, on hover and on focus. For the eye alone: the buttons say their names themselves.
const tip = () => $('#tip');
const showTip = later(350, el => {
  if (!el.isConnected) return;
  const box = tip();
  box.textContent = el.dataset.tip + (el.dataset.key ? `  ${el.dataset.key}` : '');
  box.showPopover();
  const at = el.getBoundingClientRect(), width = box.offsetWidth;
  const left = Math.max(8, Math.min(at.left + at.width / 2 - width / 2, innerWidth - width - 8));
  put(box, `left:${left}px;top:${at.bottom + 36 > innerHeight ? at.top - 32 : at.bottom + 6}px`);
});
function hideTip() { showTip.cancel(); if (tip()?.matches(':popover-open')) tip().hidePopover(); }
addEventListener('pointerover', event => {
  const el = event.target.closest?.('[data-tip]');
  el && event.pointerType === 'mouse' ? showTip(el) : hideTip();
});
addEventListener('focusin', event => {
  const el = event.target.closest?.('[data-tip]');
  el?.matches(':focus-visible') ? showTip(el) : hideTip();
});
addEventListener('pointerdown', hideTip);
addEventListener('keydown', event => event.key === 'Escape' && hideTip());

// Filter boxes inside menus.
const bare = text => text.replaceAll(/[\s()\-]/g, '');   // a number is found in whatever groups it is typed
function sift(box) {
  const into = box.dataset?.filter;
  if (!into) return;
  const wanted = box.value.trim().toLowerCase(), list = $(into);
  let exact = false;
  for (const item of $$('.mi,.emo-g button', list)) {
    const text = (item.dataset.f || item.textContent).toLowerCase();
    item.hidden = Boolean(wanted) && !text.includes(wanted) && !bare(text).includes(bare(wanted));
    exact ||= text === wanted;
  }
  $$('.mh', list).forEach(head => { head.hidden = Boolean(wanted); });
  const maker = box.dataset.newTag && $(box.dataset.newTag);
  if (maker) {
    $('.mi', maker).hidden = !wanted || exact;
    $('[data-new]', maker).textContent = maker.elements.add.value = box.value.trim();
  }
}
addEventListener('input', event => sift(event.target));
// What was looked for is over with the menu.
document.addEventListener('toggle', event => {
  if (event.newState === 'closed') for (const box of $$('[data-filter]', event.target)) if (box.value) { box.value = ''; sift(box); }
}, true);
// Enter takes the first that is left. The box may lie within the composer: it never sends what is written there.
addEventListener('keydown', event => {
  const box = event.target;
  if (event.key !== 'Enter' || !box.dataset?.filter || event.isComposing) return;
  event.preventDefault();
  if (box.value.trim()) $$('.mi,.emo-g button', box.closest('.menu,dialog')).find(item => item.checkVisibility() && !item.disabled)?.click();
});
// The head came anew below an open menu: what was searched for in it still is, before anybody can press a key.
document.addEventListener('htmx:before:settle', () => $$('.menu:popover-open [data-filter]').forEach(box => box.value && sift(box)));

// Tabs.
export function selectTab(tab) {
  for (const other of $$('[role=tab]', tab.parentNode)) {
    const on = other === tab;
    other.setAttribute('aria-selected', on);
    other.tabIndex = on ? 0 : -1;
    const panel = document.getElementById(other.getAttribute('aria-controls'));
    if (panel) panel.hidden = !on;
  }
}
addEventListener('click', event => {
  const tab = event.target.closest('[role=tab][aria-controls]');
  if (tab) selectTab(tab);
});
addEventListener('keydown', event => {
  if (event.target.getAttribute?.('role') !== 'tab' || !/^Arrow(Left|Right)$/.test(event.key)) return;
  const tabs = $$('[role=tab]:not([disabled])', event.target.parentNode);
  const onward = (event.key === 'ArrowRight') === (getComputedStyle(event.target).direction !== 'rtl') ? 1 : -1;
  const next = tabs[(tabs.indexOf(event.target) + onward + tabs.length) % tabs.length];
  next.focus();
  next.click();
});
