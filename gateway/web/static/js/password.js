// A password can be looked at while it is typed.
import { $ } from './dom.js';
import { _ } from './words.js';

$('[data-act=show-password]')?.addEventListener('click', ({ currentTarget: button }) => {
  const box = $('#pw'), show = box.type === 'password';
  box.type = show ? 'text' : 'password';
  button.setAttribute('aria-label', button.dataset.tip = show ? _('Hide password') : _('Show password'));
});
