// A part that the server draws anew while somebody writes in it (data-redrawn; morphed, its fields known by their ids).
// What was typed since it was asked for stays, as does what was typed beside the form that was sent: everything else is as
// the server has it. What is pressed meanwhile waits for the new part, and is pressed there.
import { $$, toast } from './dom.js';
import { _ } from './words.js';

const fields = part => $$(':is(input,select,textarea)[id]', part).filter(field => !/^(hidden|file)$/.test(field.type));
const ticked = field => /^(checkbox|radio)$/.test(field.type);
const held = field => ticked(field) ? field.checked : field.value;
const drawn = field => {
  if (ticked(field)) return field.defaultChecked;
  if (field.localName !== 'select') return field.defaultValue;
  return ([...field.options].find(one => one.defaultSelected) ?? field.options[0])?.value ?? '';
};
function put(field, value) {
  if (held(field) === value) return;   // the cursor stays where it is
  if (ticked(field)) field.checked = value; else field.value = value;
}

const asked = new Map();   // by request: the part, what its fields held, what was typed since, and what waits until it is there
const partOf = el => el?.closest?.('[data-redrawn]');
const askedFor = part => part && [...asked.values()].find(one => one.part === part);

document.addEventListener('htmx:config:request', event => {
  const { ctx } = event.detail, { sourceElement: source, sourceEvent: pressed } = ctx, part = partOf(ctx.target), under = askedFor(part);
  if (!part) return;
  if (under) {
    event.preventDefault();
    const again = new pressed.constructor(pressed.type, { bubbles: true, cancelable: true, submitter: pressed.submitter });
    under.waiting.push(() => source.isConnected && source.dispatchEvent(again));
    return;
  }
  const before = fields(part).map(field => [field.id, field.form === ctx.request.form ? held(field) : drawn(field)]);
  asked.set(ctx, { part, before: new Map(before), typed: new Map(), waiting: [] });
  part.ariaBusy = 'true';
});

addEventListener('submit', event => {
  const form = event.target, { submitter } = event, under = askedFor(partOf(form));
  if (!under || form.matches('[hx-get],[hx-post]') || submitter?.hasAttribute('hx-post')) return;   // those come by above
  event.preventDefault();
  event.stopImmediatePropagation();
  under.waiting.push(() => form.isConnected && form.requestSubmit(submitter?.isConnected ? submitter : null));
}, true);

document.addEventListener('htmx:before:swap', event => {
  const one = asked.get(event.detail.ctx);
  if (!one) return;
  const since = fields(one.part).filter(field => one.before.has(field.id) && held(field) !== one.before.get(field.id));
  one.typed = new Map(since.map(field => [field.id, held(field)]));
});

document.addEventListener('htmx:after:swap', event => {
  const one = asked.get(event.detail.ctx);
  if (one) for (const field of fields(one.part)) put(field, one.typed.has(field.id) ? one.typed.get(field.id) : drawn(field));
});

document.addEventListener('htmx:finally:request', event => {
  const { ctx } = event.detail, one = asked.get(ctx);
  if (!one) return;
  asked.delete(ctx);
  one.part.ariaBusy = null;
  if (ctx.status === 'swapped') one.waiting.forEach(press => press());
  else if (one.waiting.length) toast(_('That did not work. Nothing was changed.'));   // on a form that never came, nothing is pressed
});
