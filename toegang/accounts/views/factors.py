"""Second factors: allauth's pages inside our frame, with our words."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys

from toegang.core.access import public, staff

authenticate = public(base.authenticate)
passkey_login = public(passkeys.login_webauthn)
password_again = staff(account.reauthenticate)
code_again = staff(base.reauthenticate)
passkey_again = staff(passkeys.reauthenticate_webauthn)
overview = staff(base.index)
app_add = staff(totp.activate_totp)
app_remove = staff(totp.deactivate_totp)
codes_show = staff(codes.view_recovery_codes)
codes_new = staff(codes.generate_recovery_codes)
passkey_list = staff(passkeys.list_webauthn)
passkey_add = staff(passkeys.add_webauthn)
passkey_remove = staff(passkeys.remove_webauthn)
