"""What must not be guessed: session keys, secrets of an app, recovery codes."""

import math
from importlib import import_module

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import InvalidToken
from django.conf import settings

from tests import factories as make
from toegang.accounts.adapters import FactorAdapter

ROUNDS = 200


@pytest.mark.django_db
def test_no_secret_is_made_twice():
    keys, secrets, codes = set(), set(), []
    for number in range(ROUNDS):
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session.create()
        keys.add(session.session_key)
        secrets.add(generate_totp_secret())
        if number < 5:
            user = make.make_staff(f"medewerker{number}", make.make_team(make.make_gemeente()))
            codes += RecoveryCodes.activate(user).get_unused_codes()
    assert (len(keys), len(secrets), len(set(codes))) == (ROUNDS, ROUNDS, len(codes))
    assert len(codes) == 50
    assert min(map(len, keys)) * math.log2(36) > 128
    assert min(map(len, secrets)) * math.log2(32) >= 160
    assert min(map(len, codes)) * math.log2(10) > 20


def test_a_secret_is_encrypted_and_survives_a_new_key(settings):
    box = FactorAdapter()
    hidden = box.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in hidden
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "een andere sleutel, die lang genoeg is voor wat zij moet doen"
    assert FactorAdapter().decrypt(hidden) == "JBSWY3DPEHPK3PXP"
    assert FactorAdapter().decrypt(FactorAdapter().encrypt("x")) == "x"


def test_a_secret_that_was_touched_does_not_open():
    hidden = FactorAdapter().encrypt("JBSWY3DPEHPK3PXP")
    for place in (10, 40, len(hidden) - 5):
        touched = hidden[:place] + ("A" if hidden[place] != "A" else "B") + hidden[place + 1 :]
        with pytest.raises(InvalidToken):
            FactorAdapter().decrypt(touched)
