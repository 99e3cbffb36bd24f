// Starting a conversation: who, from where, and whether there is one already.
import { $, $$ } from './dom.js';
import { place } from './overlays.js';
import { count, showAppended } from './composer.js';

document.addEventListener('opened', event => {
  if (event.target.id !== 'dlg-new') return;
  htmx.ajax('GET', event.target.dataset.src, { target: '#new-box', swap: 'innerHTML', source: '#new-box' }).then(() => { $('#nc-to')?.focus(); });
});

const list = () => $('#nc-to-l');
const hide = () => { if (list()?.matches(':popover-open')) list().hidePopover(); $('#nc-to')?.setAttribute('aria-expanded', 'false'); };
function show() {
  const box = $('#nc-to'), menu = list();
  if (!box || !menu?.childElementCount || document.activeElement !== box) return;
  if (!menu.matches(':popover-open')) menu.showPopover();
  place(menu, box, { width: box.offsetWidth });
  box.setAttribute('aria-expanded', 'true');
}
document.addEventListener('htmx:after:swap', event => {
  const id = event.detail.ctx?.target?.id;
  if (id === 'nc-to-l') show();
  if (id === 'new-box' && $('#nc-body')) count($('#nc-body'));
});
addEventListener('keydown', event => {
  if (event.target.id === 'nc-to' && event.key === 'ArrowDown') { event.preventDefault(); show(); $('.mi', list())?.focus(); }
  if (event.key === 'Escape' && list()?.matches(':popover-open')) { event.preventDefault(); hide(); $('#nc-to').focus(); }
  const option = event.target.closest?.('#nc-to-l .mi');
  if (option && /^Arrow(Up|Down)$/.test(event.key)) {
    const all = $$('#nc-to-l .mi'), at = all.indexOf(option) + (event.key === 'ArrowDown' ? 1 : -1);
    event.preventDefault();
    (all[at] ?? $('#nc-to')).focus();
  }
}, true);
addEventListener('click', event => {
  const option = event.target.closest('#nc-to-l [data-pick]');
  if (!option) return;
  $('#nc-to').value = option.dataset.pick;
  hide();
  const open = $('#nc-open');
  open.hidden = !option.dataset.open;
  if (option.dataset.open) $('a', open).href = option.dataset.open;
  $('#nc-body').focus();
});
addEventListener('pointerdown', event => { if (list() && !list().contains(event.target) && event.target.id !== 'nc-to') hide(); });
addEventListener('focusout', event => { if (event.target.id === 'nc-to' && !list()?.contains(event.relatedTarget)) hide(); });
addEventListener('change', event => {
  if (event.target.id !== 'nc-biz') return;
  const { can, appendText } = event.target.selectedOptions[0].dataset;
  $('[data-biz-can]').textContent = can;
  showAppended(event.target.form, appendText);
  count($('#nc-body'));
});
