// What scripts say, in the reader's language. The page brings the words; in English they are those that stand here.
const known = JSON.parse(document.querySelector('meta[name=words]')?.content ?? '{}');
const language = document.documentElement.lang || 'en';
const rules = new Intl.PluralRules(language), numbers = new Intl.NumberFormat(language === 'en' ? 'en-GB' : language);

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (place, name) => values[name] ?? place);

export const number = value => numbers.format(value);
// The words for a message, its %(name)s filled in.
export const _ = (text, values = {}) => fill(known[text] ?? text, values);
// The words for so many of something; %(num)s is the number as it is written here.
export const ngettext = (one, many, num, values = {}) => fill(known[one]?.[rules.select(num)] ?? (num === 1 ? one : many), { num: number(num), ...values });
