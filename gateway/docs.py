"""The documentation page: lists the operations and tries them; needs no outside host."""

from base64 import b64encode
from hashlib import sha256

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#222}
code,pre,textarea,input,select{font:13px/1.4 ui-monospace,monospace}h2{margin:1.5rem 0 .3rem;font-size:1.1rem}
summary{cursor:pointer;padding:.3rem}details{border-bottom:1px solid #ddd}
details>form,details>p,details>pre{margin-left:1rem}
.method{display:inline-block;width:4.5rem;font-weight:bold}.get{color:#06c}.post{color:#080}.delete{color:#b00}
textarea{width:100%;height:10rem;box-sizing:border-box}input{box-sizing:border-box}
label{display:grid;grid-template-columns:14rem 24rem 1fr;gap:.7rem;margin:.3rem 0;align-items:start}
label span{color:#555;font-size:13px;white-space:pre-wrap}#key{width:36rem;max-width:100%}
button{margin:.5rem 0;padding:.3rem 1rem}
pre{background:#f4f4f4;padding:.7rem;overflow:auto;max-height:30rem}
.bar{position:sticky;top:0;background:#fff;padding:.6rem 0;border-bottom:1px solid #ccc}
"""

_SCRIPT = """
const list = document.getElementById('list'), key = document.getElementById('key');
const make = (tag, props, ...inner) => {
  const e = Object.assign(document.createElement(tag), props); e.append(...inner); return e; };
const told = ['ETag', 'Location', 'Reestr-Position', 'RateLimit', 'Retry-After', 'Request-Id', 'Content-Type'];
const resolve = (doc, one) => one.$ref ? one.$ref.split('/').slice(1).reduce((at, step) => at[step], doc) : one;

function fields(doc, op, form) {
  const inputs = [];
  for (const given of op.parameters || []) {
    const p = resolve(doc, given), schema = resolve(doc, p.schema || {});
    const input = make('input', {name: p.name, placeholder: String(p.example ?? '')});
    if (p.name === 'Idempotency-Key') input.placeholder = 'made anew when empty';
    form.append(make('label', {}, make('code', {}, p.name + (p.required ? ' *' : '')), input,
      make('span', {}, p.description || (schema.enum ? schema.enum.join(', ') : schema.format || ''))));
    inputs.push([p, input]);
  }
  return inputs;
}

function bodyOf(op, form) {
  const content = op.requestBody && op.requestBody.content;
  if (!content) return () => undefined;
  const json = content['application/json'];
  const field = json ? make('textarea', {value: JSON.stringify(json.example ?? {}, null, 1)})
    : make('input', {type: 'file'});
  form.append(field);
  return () => json ? field.value : field.files[0];
}

async function send(method, path, inputs, body) {
  const query = new URLSearchParams(), headers = {};
  if (key.value.trim()) headers.Authorization = 'Bearer ' + key.value.trim();
  for (const [p, input] of inputs) {
    const value = input.value || (p.name === 'Idempotency-Key' ? fresh() : '');
    if (p.in === 'path') path = path.replace('{' + p.name + '}', encodeURIComponent(value));
    else if (value && p.in === 'query') query.set(p.name, value);
    else if (value && p.in === 'header') headers[p.name] = value;
  }
  if (body instanceof File) {
    headers['Content-Type'] = 'application/octet-stream';
    headers['File-Name'] = encodeURIComponent(body.name);
  } else if (body !== undefined) headers['Content-Type'] = 'application/json';
  const url = path + (query.size ? '?' + query : '');
  const answer = await fetch(url, {method: method.toUpperCase(), headers, body});
  return [method.toUpperCase() + ' ' + url, answer];
}

const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, '0')).join('');

async function shown(out, asked, answer) {
  const heads = told.filter(h => answer.headers.get(h)).map(h => h + ': ' + answer.headers.get(h));
  const start = [asked, '', answer.status + ' ' + answer.statusText, ...heads, '', ''].join('\\n');
  const type = answer.headers.get('Content-Type') || '';
  if (type.startsWith('text/event-stream')) {
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    out.textContent = start;
    for (let at = await reader.read(); !at.done; at = await reader.read()) out.textContent += at.value;
  } else if (type.includes('json')) {
    const text = await answer.text();
    out.textContent = start + (text ? JSON.stringify(JSON.parse(text), null, 1) : '');
  } else if (type.startsWith('application/pdf')) {
    out.textContent = start + (await answer.blob()).size + ' bytes';
  } else out.textContent = start + await answer.text();
}

function operation(doc, path, method, op) {
  const form = make('form', {}), out = make('pre', {hidden: true});
  const inputs = fields(doc, op, form), body = bodyOf(op, form);
  form.append(make('div', {}, make('button', {}, 'Отправить / Send')));
  form.onsubmit = async event => {
    event.preventDefault();
    out.hidden = false; out.textContent = '…';
    try { await shown(out, ...await send(method, path, inputs, body())); }
    catch (error) { out.textContent = String(error); }
  };
  const name = make('span', {className: 'method ' + method}, method.toUpperCase());
  const summary = make('summary', {}, name, make('code', {}, path), ' ' + op.summary);
  const details = make('details', {id: op.operationId}, summary);
  if (op.description) details.append(make('p', {}, op.description));
  details.append(form, out);
  return details;
}

fetch('/openapi.json').then(r => r.json()).then(doc => {
  const tags = new Map();
  for (const [path, ops] of Object.entries(doc.paths)) for (const [method, op] of Object.entries(ops)) {
    const tag = op.tags[0];
    if (!tags.has(tag)) tags.set(tag, list.appendChild(make('section', {}, make('h2', {}, tag))));
    tags.get(tag).append(operation(doc, path, method, op));
  }
});
"""

PAGE = f"""<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>Reestr API</title><link rel="icon" href="data:,">
<style>{_STYLE}</style></head><body>
<h1>Reestr API</h1>
<p><a href="/openapi.json">OpenAPI</a> · <a href="/asyncapi.json">AsyncAPI</a> ·
<a href="/v1/event-types">event types</a></p>
<div class="bar"><b>Ключ / API key</b> <input id="key" type="password" autocomplete="off" placeholder="rk_…"></div>
<div id="list"></div>
<script>{_SCRIPT}</script></body></html>
"""


def _hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


# nothing but what is written here runs, and it asks nobody but us
POLICY = (
    f"default-src 'none'; script-src {_hashed(_SCRIPT)}; style-src {_hashed(_STYLE)}; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
