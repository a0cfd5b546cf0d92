"""The documentation page: lists the operations and tries them; needs no outside host."""

PAGE = """<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>Reestr API</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
summary{cursor:pointer;padding:.3rem}code,pre,textarea,input{font:13px/1.4 ui-monospace,monospace}
b{display:inline-block;width:4.5rem}textarea{width:100%;height:8rem}pre{background:#f4f4f4;padding:.7rem;overflow:auto}
label{display:block;margin:.3rem 0}details{border-bottom:1px solid #ddd}
</style></head><body>
<h1>Reestr API</h1>
<p><a href="/openapi.json">OpenAPI</a> · <a href="/asyncapi.json">AsyncAPI</a> ·
<a href="/v1/event-types">event types</a></p>
<label>API key <input id="key" size="70" autocomplete="off"></label><div id="list"></div>
<script>
const list = document.getElementById('list');
const make = (tag, props, ...inner) => {
  const e = Object.assign(document.createElement(tag), props); e.append(...inner); return e; };
const sample = (s, all) => {
  if (!s) return null;
  if (s.$ref) return sample(all[s.$ref.split('/').pop()], all);
  const type = Array.isArray(s.type) ? s.type[0] : s.type;
  if (s.enum) return s.enum[0];
  if (type === 'object') return Object.fromEntries(
    (s.required || []).map(n => [n, sample(s.properties[n], all)]));
  if (type === 'array') return s.items ? [sample(s.items, all)] : [];
  return type === 'integer' || type === 'number' ? 1 : type === 'boolean' ? false : '';
};
function operation(path, method, op, doc) {
  const inputs = {}, form = make('form', {}), out = make('pre', {hidden: true});
  const add = p => { const i = make('input', {size: 40}); inputs[p.name] = [p.in, i];
    form.append(make('label', {}, p.name + (p.required ? ' * ' : ' '), i)); };
  for (const p of op.parameters || [])
    add(p.$ref ? doc.components.parameters[p.$ref.split('/').pop()] : p);
  let body;
  if (op.requestBody) {
    const s = op.requestBody.content['application/json'];
    body = make('textarea', {value: s ? JSON.stringify(sample(s.schema, doc.components.schemas), null, 1) : ''});
    form.append(body);
  }
  form.append(make('button', {}, 'Отправить / Send'));
  form.onsubmit = async ev => {
    ev.preventDefault();
    let url = path; const query = new URLSearchParams(), headers = {};
    if (document.getElementById('key').value) headers.Authorization = 'Bearer ' + document.getElementById('key').value;
    for (const [name, [where, input]] of Object.entries(inputs)) {
      if (!input.value) continue;
      if (where === 'path') url = url.replace('{' + name + '}', encodeURIComponent(input.value));
      else if (where === 'query') query.set(name, input.value); else headers[name] = input.value;
    }
    if (method === 'post' && !headers['Idempotency-Key']) headers['Idempotency-Key'] = crypto.randomUUID();
    if (body) headers['Content-Type'] = 'application/json';
    const r = await fetch(url + (query.size ? '?' + query : ''),
      {method: method.toUpperCase(), headers, body: body ? body.value : undefined});
    const head = ['ETag', 'Location', 'Reestr-Position'].filter(h => r.headers.get(h))
      .map(h => h + ': ' + r.headers.get(h));
    out.textContent = [r.status, ...head, '', await r.text()].join('\\n'); out.hidden = false;
  };
  return make('details', {}, make('summary', {}, make('b', {}, method.toUpperCase()),
    make('code', {}, path), ' ' + op.summary), form, out);
}
fetch('/openapi.json').then(r => r.json()).then(doc => {
  for (const [path, ops] of Object.entries(doc.paths))
    for (const [method, op] of Object.entries(ops)) list.append(operation(path, method, op, doc));
});
</script></body></html>
"""
