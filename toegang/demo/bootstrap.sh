# Sourced by ./start and ./test, in the root of the project: everything that must be there before the
# project's own Python code can run. Needs nothing but bash and Python.

say() { printf '%s\n' "$*" >&2; }

# check_machine: Linux, and a Python that is new enough.
check_machine() {
  if [ "$(uname -s)" != Linux ]; then
    say "Toegang draait op Linux (onder Windows: in WSL)."
    exit 1
  fi
  if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "Python 3.11 of nieuwer is nodig, als python3. Gevonden: $(python3 --version 2>&1 || true)"
    exit 1
  fi
}

# missing_packages: the system packages that are not there yet, on one line.
missing_packages() {
  local libraries missing=()
  libraries=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p)
  python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
  [[ $libraries == *libpango-1.0.so.0* ]] || missing+=(libpango-1.0-0)
  [[ $libraries == *libpangoft2-1.0.so.0* ]] || missing+=(libpangoft2-1.0-0)
  [[ $libraries == *libharfbuzz-subset.so.0* ]] || missing+=(libharfbuzz-subset0)
  if [ "$1" = dev ]; then
    command -v chromium >/dev/null || missing+=(chromium)
    [[ $libraries == *libatomic.so.1* ]] || missing+=(libatomic1)
  fi
  printf '%s' "${missing[*]}"
}

# install_packages demo|dev: installs them as root; prints the command for everybody else.
install_packages() {
  local missing
  missing=$(missing_packages "$1")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    say "Er ontbreken pakketten van het systeem. Installeer ze met:"
    say "  sudo apt-get install $missing"
    exit 1
  fi
  say "Pakketten van het systeem installeren: $missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # shellcheck disable=SC2086 # a list of names
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

hash_of() { sha256sum < "$1" | cut -d ' ' -f 1; }

# has_packages demo|dev: whether .venv holds this lock (dev holds demo).
has_packages() {
  local stamp
  .venv/bin/python -c '' 2>/dev/null || return 1
  stamp=$(cat .venv/.toegang-stamp 2>/dev/null) || return 1
  [ "$stamp" = "dev $(hash_of requirements-dev.lock)" ] || [ "$stamp" = "$1 $(hash_of "requirements-$1.lock")" ]
}

# make_uv: a private environment with nothing but uv in it.
make_uv() {
  local wanted
  wanted=$(hash_of requirements-uv.lock)
  if .local/tools/bin/uv --version >/dev/null 2>&1 && [ "$(cat .local/tools/.stamp 2>/dev/null)" = "$wanted" ]; then
    return 0
  fi
  python3 -m venv --clear .local/tools
  .local/tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
  printf '%s\n' "$wanted" > .local/tools/.stamp
}

# make_environment demo|dev: .venv with exactly the packages of the lock.
make_environment() {
  has_packages "$1" && return 0
  say "Python-pakketten installeren ..."
  make_uv
  export UV_PYTHON_DOWNLOADS=never
  .venv/bin/python -c '' 2>/dev/null || .local/tools/bin/uv venv --quiet --clear --python "$(command -v python3)" .venv
  rm -f .venv/.toegang-stamp
  # The system's certificates: an organisation may look into its own traffic.
  if ! .local/tools/bin/uv pip sync --quiet --system-certs --require-hashes \
      --compile-bytecode --python .venv/bin/python "requirements-$1.lock"; then
    say "Het lukt niet met uv. Nu met pip, die ook de instellingen van pip volgt ..."
    .local/tools/bin/python -m pip --python .venv/bin/python install --quiet --disable-pip-version-check \
      --require-hashes -r "requirements-$1.lock"
  fi
  printf '%s %s\n' "$1" "$(hash_of "requirements-$1.lock")" > .venv/.toegang-stamp
}

# bootstrap demo|dev: all of it; two at the same time wait for each other.
bootstrap() {
  check_machine
  install_packages "$1"
  mkdir -p .local
  chmod 700 .local
  exec 9> .local/bootstrap.lock
  flock 9
  make_environment "$1"
  exec 9>&-
}
