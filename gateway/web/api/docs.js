// Tries a call of the documentation page: path, query and header fields from the form, the token from the top.
"use strict";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.path) return;
  event.preventDefault();
  const output = form.querySelector("output pre");
  const query = new URLSearchParams();
  const headers = {};
  let path = form.dataset.path;
  for (const field of form.querySelectorAll("input")) {
    if (!field.value) continue;
    if (field.dataset.in === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
    if (field.dataset.in === "query") query.set(field.name, field.value);
    if (field.dataset.in === "header") headers[field.name] = field.value;
  }
  const token = document.getElementById("token").value.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  const body = form.elements.body && form.elements.body.value;
  if (body) headers["Content-Type"] = "application/json";
  const address = `/api/v1${path}${query.size ? `?${query}` : ""}`;
  output.textContent = "...";
  try {
    const response = await fetch(address, { method: form.dataset.method, headers, body: body || undefined });
    const text = await response.text();
    output.textContent = `${response.status} ${response.statusText}\n${pretty(text)}`;
  } catch (error) {
    output.textContent = String(error);
  }
});

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
