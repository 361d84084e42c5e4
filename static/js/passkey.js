// Binds the passkey forms of the page: what to do stands in data-passkey, the options in a JSON block.
"use strict";
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const bind = window.allauth.webauthn.forms[`${form.dataset.passkey}Form`];
  const ids = { credential: form.querySelector("[name=credential]").id, data: "passkey-data" };
  ids[form.dataset.passkey] = form.querySelector("[data-passkey-button]").id;
  const passwordless = form.querySelector("[name=passwordless]");
  if (passwordless) ids.passwordless = passwordless.id;
  bind({ ids });
  form.hidden = !window.PublicKeyCredential;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const line = document.querySelector("[data-passkey-error]");
  if (line) line.hidden = false;
});
