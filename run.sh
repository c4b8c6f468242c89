#!/usr/bin/env bash
# What one does with this project, as commands: `./run.sh help` lists them. Needs bash and Python 3.11 or newer.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

VENV=.venv
PYTHON=$VENV/bin/python
STAMP=$VENV/.installed
# What checks the project is no part of what is checked, so it has an environment of its own.
TOOLS=.venv-tools

# The pure core: these modules decide, so nearly every branch of them must be tested.
CORE='monitor/text.py,monitor/dedup/*,monitor/stories/*,monitor/digest/*'
CORE+=',monitor/ingest/dates.py,monitor/ingest/decide.py,monitor/ingest/pacing.py'
CORE+=',monitor/ingest/relevance.py,monitor/ingest/boilerplate.py'
CORE_COVERAGE=95

say() { printf 'run.sh: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

usage() {
  cat <<'TEXT'
Usage: ./run.sh COMMAND [ARGUMENTS]

  install   make .venv and install the project into it (the other commands do this when it is needed)
  demo      run the whole job once against sample outlets on this machine and say where the digest is
  run       run the service with config.yaml: monitor run [ARGUMENTS]
  test      run all tests with coverage; with arguments: pytest ARGUMENTS
  lint      check style and format with ruff, look for secrets in the files and for known flaws of the pinned packages
  types     check types with mypy
  bench     run the quick benchmarks, or the named one: ./run.sh bench NAME [ARGUMENTS]
  sbom      write the list of all installed packages to sbom.cdx.json (CycloneDX)
  docs      write the generated parts of the documentation anew
  help      show this text

All other commands of the monitor: .venv/bin/monitor --help
TEXT
}

# ------------------------------------------------------------------ install

# Tell whether a command is a Python that is new enough and works (a version manager's stand-in may not).
is_python() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
  local candidate
  for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if is_python "$candidate"; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

# Changes when the project asks for other packages, was moved, or its Python was replaced.
fingerprint() {
  { pwd && "$PYTHON" -V && cat pyproject.toml constraints.txt; } 2>/dev/null | cksum
}

is_installed() {
  [[ -x $PYTHON && -f $STAMP && $(<"$STAMP") == "$(fingerprint)" ]]
}

# Debian and its relatives keep the part of Python that makes environments in a package of its own.
add_venv_module() {
  local python=$1 package as_root=()
  package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  command -v apt-get >/dev/null || fail "$python has no venv module; install it (package $package), then try again"
  if [[ $EUID -ne 0 ]]; then
    if command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
      as_root=(sudo)
    else
      fail "$python has no venv module; run 'apt-get install $package' as root, then try again"
    fi
  fi
  say "installing $package with apt-get, because $python cannot make environments without it"
  "${as_root[@]}" apt-get install -qq -y "$package" >/dev/null 2>&1 ||
    { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -qq -y "$package" >/dev/null; } ||
    fail "could not install $package; install it by hand, then try again"
}

install_with_uv() {
  local python
  python=$(find_python) || python='>=3.11'
  say "making $VENV with uv"
  rm -rf -- "$VENV"
  uv venv --quiet --python "$python" "$VENV"
  say "installing the project and its packages (up to a few minutes the first time)"
  uv pip install --quiet --python "$PYTHON" --constraint constraints.txt --editable '.[dev]'
}

install_with_pip() {
  local python pip
  python=$(find_python) || fail "needs Python 3.11 or newer on the PATH; install it, then try again"
  say "making $VENV with $("$python" -V)"
  rm -rf -- "$VENV"
  if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$python" -m venv "$VENV"
    pip=("$PYTHON" -m pip)
  elif "$python" -c 'import pip, venv' 2>/dev/null; then # a pip outside can serve an environment that has none
    "$python" -m venv --without-pip "$VENV"
    pip=("$python" -m pip --python "$PYTHON")
  else
    add_venv_module "$python"
    "$python" -m venv "$VENV"
    pip=("$PYTHON" -m pip)
  fi
  say "installing the project and its packages (up to a few minutes the first time)"
  "${pip[@]}" install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
}

install() {
  if is_installed; then return; fi
  if command -v uv >/dev/null; then install_with_uv; else install_with_pip; fi
  fingerprint >"$STAMP"
}

# Changes when the tools that check the project do.
tools_fingerprint() { cksum <security/requirements.txt; }

install_tools() {
  if [[ -x $TOOLS/bin/pip-audit && -f $TOOLS/.installed && $(<"$TOOLS/.installed") == "$(tools_fingerprint)" ]]; then
    return
  fi
  say "installing the tools that check packages and files into $TOOLS"
  rm -rf -- "$TOOLS"
  if command -v uv >/dev/null; then
    uv venv --quiet --python "$PYTHON" "$TOOLS"
    uv pip install --quiet --python "$TOOLS/bin/python" --requirement security/requirements.txt
  else
    "$PYTHON" -m venv "$TOOLS"
    "$TOOLS/bin/python" -m pip install --quiet --disable-pip-version-check --requirement security/requirements.txt
  fi
  tools_fingerprint >"$TOOLS/.installed"
}

# ------------------------------------------------------------------ check

# Fails on a known flaw. Not having been able to ask is said, and fails only where AUDIT=strict asks for that.
check_security() {
  install_tools
  "$PYTHON" security/leaks.py "$TOOLS/bin"
  if [[ ${AUDIT:-} == strict ]]; then
    "$PYTHON" security/audit.py "$TOOLS/bin" --strict
  else
    "$PYTHON" security/audit.py "$TOOLS/bin"
  fi
}

write_sbom() {
  install_tools
  # without the addresses from which the project itself and its packages were installed, which name this machine
  "$TOOLS/bin/cyclonedx-py" environment "$PYTHON" --pyproject pyproject.toml --mc-type application \
    --output-reproducible --output-format JSON --output-file "$TOOLS/sbom.json"
  "$PYTHON" security/sbom.py "$TOOLS/sbom.json" sbom.cdx.json
}

run_tests() {
  if [[ $# -gt 0 ]]; then
    "$PYTHON" -m pytest "$@"
    return
  fi
  # Side by side, one process a core; a file stays in one process, so that what its tests share is made once.
  "$PYTHON" -m pytest --numprocesses=auto --dist=loadfile --cov=monitor --cov-branch --cov-report=
  say "coverage of the deciding modules, lines and branches; $CORE_COVERAGE% are needed"
  "$PYTHON" -m coverage report --include="$CORE" --fail-under="$CORE_COVERAGE" --skip-covered --show-missing
}

run_benchmarks() {
  local script name
  if [[ $# -gt 0 ]]; then
    name=$(basename -- "$1" .py)
    shift
    [[ -f benchmarks/$name.py ]] || fail "there is no benchmarks/$name.py; those there are: $(benchmark_names)"
    "$PYTHON" "benchmarks/$name.py" "$@"
    return
  fi
  for script in benchmarks/*.py; do
    name=$(basename -- "$script" .py)
    if is_named_only "$name"; then
      say "$script: not run unless it is named"
    else
      say "$script"
      "$PYTHON" "$script"
    fi
  done
}

benchmark_names() {
  local script
  for script in benchmarks/*.py; do basename -- "$script" .py; done | paste -s -d ' '
}

# Tell whether a benchmark takes long, or writes data that the project ships.
is_named_only() {
  case $1 in
    fit_* | fuzz | make_* | resilience | soak_* | throughput) return 0 ;;
    *) return 1 ;;
  esac
}

write_docs() {
  [[ -f docs/generate.py ]] || fail "there is no docs/generate.py, so nothing is generated"
  "$PYTHON" docs/generate.py "$@"
}

# ------------------------------------------------------------------ commands

main() {
  local command=${1:-help}
  shift || true
  case $command in
    install | demo | run | test | lint | types | bench | sbom | docs) install ;; # never in a condition: it must stop on errors
    help | -h | --help) usage ;;
    *) fail "there is no command '$command'; ./run.sh help lists them" ;;
  esac
  case $command in
    install) say "ready: .venv/bin/monitor --help" ;;
    demo | run) exec "$VENV/bin/monitor" "$command" "$@" ;;
    test) run_tests "$@" ;;
    lint)
      "$PYTHON" -m ruff check .
      "$PYTHON" -m ruff format --check .
      check_security
      ;;
    types) "$PYTHON" -m mypy "$@" ;;
    bench) run_benchmarks "$@" ;;
    sbom) write_sbom ;;
    docs) write_docs "$@" ;;
  esac
}

main "$@"
