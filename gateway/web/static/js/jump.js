// The command bar: arrows go through what was found, and Enter takes the first, also when it is pressed before that is there.
import { $, $$ } from './dom.js';

const found = () => $$('#jump-l .mi');
let sent = '', shown = '', wanted = false;

const ofList = event => event.detail.ctx?.target?.id === 'jump-l';
document.addEventListener('htmx:before:request', event => { if (ofList(event)) sent = $('#jump-q').value; });
document.addEventListener('htmx:after:swap', event => {
  if (!ofList(event)) return;
  shown = sent;
  if (wanted && shown === $('#jump-q').value) { wanted = false; found()[0]?.click(); }
});
document.addEventListener('opened', event => { if (event.target.id === 'dlg-jump') $('#jump-q').select(); });   // what was looked for last is written over
addEventListener('input', event => { if (event.target.id === 'jump-q') wanted = false; });
addEventListener('keydown', event => {
  const box = $('#jump-q');
  if (!event.target.closest?.('#dlg-jump')) return;
  if (event.key === 'Enter' && event.target === box) {
    event.preventDefault();
    if (box.value === shown) found()[0]?.click(); else wanted = true;
  }
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const stops = [box, ...found()], at = Math.max(stops.indexOf(document.activeElement), 0);
  event.preventDefault();
  stops.at((at + (event.key === 'ArrowDown' ? 1 : -1)) % stops.length).focus();
});
