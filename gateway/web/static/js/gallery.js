// Pictures of a thread, large, also of one that is read in a dialog: the next and the one before, full size on a click.
import { $, $$ } from './dom.js';
import { _ } from './words.js';

let shown = null;
const beside = button => $$('.mms button[data-act=zoom]', button.closest('.tl'));

function show(button) {
  const picture = $('img', button), pictures = beside(button), at = pictures.indexOf(button), dialog = $('#dlg-zoom');
  shown = button;
  $('#zoom-img').src = picture.src;
  $('#zoom-img').alt = picture.alt;
  $('[data-zoom-name]').textContent = picture.alt;
  $('[data-zoom-count]').textContent = pictures.length > 1 ? _('%(at)s of %(all)s', { at: at + 1, all: pictures.length }) : '';
  $('[data-zoom-get]').href = picture.src;
  for (const step of $$('[data-zoom-step]')) step.hidden = pictures.length < 2;
  full(false);
  if (!dialog.open) dialog.showModal();
}

function full(on) {
  $('#dlg-zoom').classList.toggle('is-full', on);
  $('[data-zoom-in]').setAttribute('aria-pressed', on);
}

function step(by) {
  const pictures = beside(shown), at = pictures.indexOf(shown);
  if (pictures.length > 1) show(pictures.at((at + by + pictures.length) % pictures.length));
}

export const zoom = button => show(button);
addEventListener('click', event => {
  const by = event.target.closest('[data-zoom-step]');
  if (by) step(Number(by.dataset.zoomStep));
  if (event.target.closest('[data-zoom-in]')) full(!$('#dlg-zoom').classList.contains('is-full'));
});
addEventListener('keydown', event => {
  if (!$('#dlg-zoom')?.open || !/^Arrow(Left|Right)$/.test(event.key)) return;
  event.preventDefault();
  step((event.key === 'ArrowRight') === (document.documentElement.dir !== 'rtl') ? 1 : -1);
});
