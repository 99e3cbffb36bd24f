// Starting a conversation: who, from where, and whether there is one already.
import { $, $$, load, post, uuid } from './dom.js';
import { place } from './overlays.js';
import { count } from './composer.js';
import { files, filesAllowed, restoreFiles, showSender } from './attach.js';
import { forget, keep, unsaved } from './unsaved.js';

// What was written stays when the dialog is closed by a slip, and when the page is left or gone before it was sent.
let sent = false;
const written = () => {
  const within = $('#new-form'), body = $('#nc-body')?.value ?? '';
  return within && (body.trim() || files(within).length) ? { to: $('#nc-to').value, body, files: files(within) } : null;
};
const keepIt = () => { const one = !sent && written(); if (one) keep('new', 'form', one); else forget('new', 'form'); };
addEventListener('input', event => { if (event.target.closest('#new-form')) keepIt(); });
addEventListener('pagehide', () => { if ($('#new-form')) keepIt(); });
addEventListener('click', event => { if (event.target.closest('#new-box [data-close]')) { $('#new-box').replaceChildren(); forget('new', 'form'); } });   // Cancel means it
function resume() {
  const kept = unsaved('new').form;
  if (!kept || written()) return;
  $('#nc-to').value ||= kept.to;
  $('#nc-body').value = kept.body;
  restoreFiles($('#new-form'), kept.files);
  know();
}

export function opened(dialog) {
  if (written()) { ($('#nc-to').value ? $('#nc-body') : $('#nc-to')).focus(); return; }
  load(dialog.dataset.src, '#new-box').then(() => { $('#nc-to')?.focus(); });
}

const list = () => $('#nc-to-l');
const hide = () => { if (list()?.matches(':popover-open')) list().hidePopover(); $('#nc-to')?.setAttribute('aria-expanded', 'false'); };
function show() {
  const box = $('#nc-to'), menu = list();
  if (!box || !menu?.childElementCount || document.activeElement !== box) return;
  if (!menu.matches(':popover-open')) menu.showPopover();
  place(menu, box, { width: box.offsetWidth });
  box.setAttribute('aria-expanded', 'true');
}

// Whoever was named is shown back as understood, with the senders that can reach them and their merge fields.
let known = '', asking = false;
async function know() {
  const box = $('#nc-to'), to = box?.value.trim() ?? '';
  if (!to || to === known || asking) return;
  known = to;
  asking = true;
  const before = $('#nc-biz');
  try {
    await load(`/new/known?${new URLSearchParams({ to })}`, '#new-form', 'none');
  } finally { asking = false; }
  if (!$('#nc-biz')) return;   // the dialog was emptied meanwhile
  $('#nc-to-e')?.remove();   // of whoever was named before
  box.removeAttribute('aria-invalid');
  box.setAttribute('aria-describedby', 'nc-to-h');
  const chosen = before.dataset.touched ? before.value : '';   // as it stood when the new ones came
  const now = $('#nc-biz'), kept = chosen && [...now.options].find(one => one.value === chosen && !one.disabled);
  if (kept) { now.value = chosen; now.dataset.touched = '1'; senderChanged(); }
  const merge = $('#new-form [data-merge-w] button');
  merge.disabled = !$('#n-merge-l').childElementCount;
  showSender($('#new-form'));
  count($('#nc-body'));
  if (document.activeElement !== $('#nc-to')) know();   // somebody else was named meanwhile
}

document.addEventListener('htmx:after:swap', event => {
  const id = event.detail.ctx?.target?.id;
  if (id === 'nc-to-l') { found = asked(event.detail.ctx); show(); if (entered) takeFirst(); }
  if (id === 'new-box' && $('#nc-body')) { known = ''; sent = false; resume(); showSender($('#new-form')); count($('#nc-body')); }
});
document.addEventListener('htmx:error', () => { sent = false; });
addEventListener('keydown', event => {
  if (event.target.id === 'nc-to' && event.key === 'ArrowDown') { event.preventDefault(); show(); $('.mi', list())?.focus(); }
  if (event.key === 'Escape' && list()?.matches(':popover-open')) { event.preventDefault(); hide(); $('#nc-to').focus(); }
  if (event.target.id === 'nc-to' && event.key === 'Enter' && isName(event.target.value) && !isRefused(event.target.value)) { event.preventDefault(); entered = true; takeFirst(); }
  const option = event.target.closest?.('#nc-to-l .mi');
  if (option && /^Arrow(Up|Down)$/.test(event.key)) {
    const all = $$('#nc-to-l .mi'), at = all.indexOf(option) + (event.key === 'ArrowDown' ? 1 : -1);
    event.preventDefault();
    (all[at] ?? $('#nc-to')).focus();
  }
}, true);
addEventListener('click', async event => {
  const option = event.target.closest('#nc-to-l [data-pick]'), again = event.target.closest('a[data-reopen]');
  if (again) {
    event.preventDefault();
    await post(again.dataset.reopen, {});
    location.href = again.href;
  }
  if (option) take(option);
});
function take(option) {
  $('#nc-to').value = option.dataset.pick;
  hide();
  know();
  $('#nc-body').focus();
}
// Enter behind a name takes the first that goes by it; a number or an address is taken as it was typed. The list that is
// there may still be that of fewer letters: then it is the first of the one to come.
let found = null, entered = false;
const asked = ctx => new URL(ctx.request.action, location).searchParams.get('to');
const isName = text => /\p{L}/u.test(text) && !text.includes('@');
const isRefused = text => found === text && !(list().matches(':popover-open') && $('[data-pick]', list()));
function takeFirst() {
  const first = found === $('#nc-to').value && $('[data-pick]', list());
  if (!first) return;
  entered = false;
  take(first);
}
addEventListener('input', event => { if (event.target.id === 'nc-to') entered = false; });
addEventListener('pointerdown', event => { if (list() && !list().contains(event.target) && event.target.id !== 'nc-to') hide(); });
addEventListener('focusout', event => { if (event.target.id === 'nc-to' && !list()?.contains(event.relatedTarget)) { hide(); know(); } });
addEventListener('change', event => {
  if (event.target.id !== 'nc-biz') return;
  event.target.dataset.touched = '1';
  senderChanged();
});

function senderChanged() {
  $('[data-biz-can]').textContent = $('#nc-biz').selectedOptions[0]?.dataset.can ?? '';
  showSender($('#new-form'));
  count($('#nc-body'));
}

// A message needs words or a file, and files a sender that carries them. Each send has a key, so that two clicks are one.
addEventListener('submit', event => {
  const within = event.target;
  if (within.id !== 'new-form') return;
  const text = $('#nc-body');
  text.setCustomValidity(text.value.trim() || files(within).length ? '' : ' ');
  if (!text.checkValidity()) { event.preventDefault(); event.stopImmediatePropagation(); text.setCustomValidity(''); text.focus(); return; }
  if (!filesAllowed(within)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  within.elements.key.value ||= uuid();
  sent = true;
}, true);
if ($('#new-form')) resume();
