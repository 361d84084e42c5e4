"""A real OpenID Connect provider on loopback, which can be made to lie in one answer at a time."""

import base64
import hashlib
import hmac
import json
import time
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import flask
import oidc_provider_mock
import requests
from joserfc import jwk, jwt
from oidc_provider_mock._server import _threaded_server


class Counterpart:
    """The provider, what it was asked and what it shall lie about."""

    def __init__(self):
        self.app = oidc_provider_mock.app(require_nonce=True)
        self.app.before_request(self._check_verifier)
        self.app.after_request(self._answer)
        self.lie = None  # (header, claims, key) -> (header, claims, key)
        self.metadata = {}  # what the provider says of itself, wrongly
        self.broken = None  # path -> what it answers there instead
        self.challenges = {}  # code: the challenge that belongs to it
        self.refused = []
        self.last_token = self.last_access = None

    def _check_verifier(self):
        if self.broken and flask.request.path == self.broken[0]:
            return self.broken[1]()
        if flask.request.path != "/oauth2/token":
            return None
        verifier = flask.request.form.get("code_verifier", "")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if self.challenges.get(flask.request.form["code"]) == digest:
            return None
        self.refused.append("pkce")
        return flask.jsonify({"error": "invalid_grant"}), 400

    def _answer(self, response):
        path = flask.request.path
        if path == "/oauth2/authorize" and response.status_code == 302:
            [code] = parse_qs(urlsplit(response.headers["Location"]).query).get("code", [None])
            assert flask.request.args["code_challenge_method"] == "S256"
            self.challenges[code] = flask.request.args["code_challenge"]
        if path == "/.well-known/openid-configuration":
            response.set_data(json.dumps(json.loads(response.get_data()) | self.metadata))
        if path == "/oauth2/token" and response.status_code == 200:
            told = json.loads(response.get_data())
            if self.lie:
                told["id_token"] = self._lied(told["id_token"])
            self.last_token, self.last_access = told["id_token"], told["access_token"]
            response.set_data(json.dumps(told))
        return response

    def _lied(self, token):
        key = jwk.RSAKey.import_key(flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True))
        header, payload, _ = token.split(".")
        header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, payload))
        told = self.lie(header, claims, key)
        return told if isinstance(told, str) else jwt.encode(told[0], told[1], told[2], algorithms=[told[0]["alg"]])

    def know(self, subject, **claims):
        """Make a user known, with what the provider tells of it."""
        assert requests.put(f"{self.url}/users/{subject}", json=claims, timeout=5).status_code == 204

    def sign_in(self, address, subject):
        """Let the user sign in at the provider; give the address to which the browser is sent back."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"


@contextmanager
def running():
    """The provider on a free port, as long as the block lasts."""
    counterpart = Counterpart()
    with _threaded_server(counterpart.app, host="127.0.0.1") as server:
        counterpart.url = f"http://127.0.0.1:{server.server_port}"
        yield counterpart


def _part(value):
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unsigned(header, claims, key):
    """The token with algorithm none and no signature, nor the hash of the access token, which is not always asked."""
    bare = {name: value for name, value in claims.items() if name != "at_hash"}
    return f"{_part({**header, 'alg': 'none'})}.{_part(bare)}."


def with_public_key(header, claims, key):
    """The token signed with HS256 and the public key as its secret."""
    text = f"{_part({**header, 'alg': 'HS256'})}.{_part(claims)}"
    return f"{text}.{_part(hmac.digest(key.as_pem(private=False), text.encode(), 'sha256'))}"


def claims_with(**changes):
    """A lie that changes claims; None takes one away."""

    def lie(header, claims, key):
        merged = claims | changes
        return header, {name: value for name, value in merged.items() if value is not None}, key

    return lie


def later(seconds):
    """A moment from now, as a token tells it."""
    return int(time.time()) + seconds
