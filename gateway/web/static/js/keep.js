// What was written for one contact, kept as a template for the next.
import { $, $$, post, toast } from './dom.js';
import { openDialog } from './overlays.js';
import { _ } from './words.js';

export function keep(button) {
  const box = $('.msgbox', button.closest('form')), sheet = $('[data-keep-form]');
  if (!box.value.trim()) { toast(_('Write something first.')); box.focus(); return; }
  sheet.reset();
  sheet.elements.body.value = box.value;
  $('[data-err]', sheet).hidden = true;
  openDialog('dlg-keep');
}

addEventListener('submit', async event => {
  const sheet = event.target;
  if (!sheet.matches('[data-keep-form]')) return;
  event.preventDefault();
  const button = $('[type=submit]', sheet), err = $('[data-err]', sheet);
  button.classList.add('is-busy');
  const answer = await post(sheet.action, new FormData(sheet));
  button.classList.remove('is-busy');
  err.hidden = answer.ok;
  if (!answer.ok) { err.textContent = answer.told || _('That did not work. Nothing was changed.'); return; }
  sheet.closest('dialog').close();
  $('#m-templ-l')?.insertAdjacentHTML('beforeend', answer.html);
  $('#m-templ .find').hidden = false;
  for (const none of $$('#m-templ [data-none]')) none.remove();
  toast(answer.told);
});
