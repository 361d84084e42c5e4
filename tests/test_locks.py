"""What comes in from outside is pinned and known by its hash; no secret stands in the tree."""

import json
import re
import subprocess

import pytest

from tests.sources import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-demo.lock", "requirements-uv.lock")
# A key, a password in an address, or a value that is given to something that is called a secret.
SECRETS = {
    "private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "key of a cloud": r"\b(AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20}|xox[bp]-[A-Za-z0-9-]{10,})",
    "password in an address": r"[a-z]+://[\w.-]+:(?!PASSWORD@|\*)[^/\s:@\"'{}()\[\]|+^]+@[\w-]",
    "token": r"\beyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\.",
}


def wrong_lines(lock):
    """Packages of a lock without an exact version or without a hash, and lines that lead to another index."""
    text = lock.replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [line for line in lines if not re.match(r"[\w.\[\]-]+==\S+( ;[^#]*?)? +--hash=sha256:[0-9a-f]{64}", line)]


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_one_version_and_a_hash(name):
    assert wrong_lines((ROOT / name).read_text()) == []


@pytest.mark.parametrize(
    "line", ["django==5.2.19", "django>=5", "--extra-index-url https://elders.example", "git+https://elders.example/x"]
)
def test_a_package_without_a_hash_is_found(line):
    assert wrong_lines(line) == [line]


def test_every_package_of_npm_has_a_hash_and_comes_from_the_registry():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    outside = {name: facts for name, facts in packages.items() if name}
    assert len(outside) > 5
    assert [name for name, facts in outside.items() if not facts.get("integrity", "").startswith("sha512-")] == []
    others = [facts["resolved"] for facts in outside.values() if "resolved" in facts]
    assert [address for address in others if not address.startswith("https://registry.npmjs.org/")] == []


def secrets_in(text):
    """The names of what looks like a secret in a text."""
    return [name for name, pattern in SECRETS.items() if re.search(pattern, text)]


def test_no_secret_stands_in_the_tree():
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    texts = {name: ROOT / name for name in done.stdout.split("\0") if name and name != "tests/test_locks.py"}
    assert len(texts) > 400
    found = {name: secrets_in(path.read_text(errors="ignore")) for name, path in texts.items() if path.is_file()}
    assert {name: kinds for name, kinds in found.items() if kinds} == {}
    assert [name for name in texts if re.search(r"(^|/)\.env|\.(pem|key|p12|pfx)$", name)] == []


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE KEY-----",
        "AKIA" + "A" * 16,
        "postgresql://toegang_app:geheim123@db/toegang",
        f"eyJ{'a' * 30}.{'b' * 30}.c",
    ],
)
def test_a_secret_is_found(text):
    assert len(secrets_in(text)) == 1
