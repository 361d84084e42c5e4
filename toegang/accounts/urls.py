"""Routes of signing in and of the own account; allauth knows them by these names."""

from django.urls import path

from toegang.accounts.views import door, factors, house, invitation, own, photo

urlpatterns = [
    path("", house.home, name="home"),
    path("gezond", house.health, name="health"),
    path("inloggen/", door.sign_in, name="account_login"),
    path("inloggen/organisatie/", door.oidc_start, name="oidc_start"),
    path("inloggen/organisatie/terug/", door.oidc_back, name="oidc_back"),
    path("inloggen/code/", factors.authenticate, name="mfa_authenticate"),
    path("inloggen/passkey/", factors.passkey_login, name="mfa_login_webauthn"),
    path("uitnodiging/<str:uidb36>/<str:token>/", invitation.choose_password, name="invitation"),
    path("uitloggen/", house.sign_out, name="account_logout"),
    path("sessie/", own.session_state, name="session_state"),
    path("verder/", own.kept, name="kept"),
    path("account/wachtwoord/", factors.password_change, name="account_change_password"),
    path("account/", own.preferences, name="account_settings"),
    path("account/foto/", photo.photo, name="account_photo"),
    path("account/foto/weg/", photo.photo_drop, name="account_photo_drop"),
    path("account/foto/beeld/", photo.photo_image, name="account_photo_image"),
    path("account/sessies/", own.sessions, name="account_sessions"),
    path("account/opnieuw/", factors.password_again, name="account_reauthenticate"),
    path("account/opnieuw/code/", factors.code_again, name="mfa_reauthenticate"),
    path("account/opnieuw/passkey/", factors.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("account/tweede-stap/", factors.overview, name="mfa_index"),
    path("account/tweede-stap/app/", factors.app_add, name="mfa_activate_totp"),
    path("account/tweede-stap/app/weg/", factors.app_remove, name="mfa_deactivate_totp"),
    path("account/tweede-stap/herstelcodes/", factors.codes_show, name="mfa_view_recovery_codes"),
    path("account/tweede-stap/herstelcodes/nieuw/", factors.codes_new, name="mfa_generate_recovery_codes"),
    path("account/tweede-stap/passkeys/", factors.passkey_list, name="mfa_list_webauthn"),
    path("account/tweede-stap/passkeys/nieuw/", factors.passkey_add, name="mfa_add_webauthn"),
    path("account/tweede-stap/passkeys/<int:pk>/weg/", factors.passkey_remove, name="mfa_remove_webauthn"),
]
