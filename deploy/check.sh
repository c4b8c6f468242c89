#!/usr/bin/env bash
# Check what is in this folder, with the tools that are here: the unit, the Containerfile and its steps, the alert rules.
# Usage: deploy/check.sh [FOLDER]; the steps of the Containerfile are done in FOLDER, a temporary one if none is named.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

say() { printf 'check.sh: %s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null || { say "skipped: there is no $1"; return 1; }; }

folder=${1:-$(mktemp -d)}
export PYTHONDONTWRITEBYTECODE=1

if has systemd-analyze; then
  # verify wants the program to exist, which it does where the unit is used
  sed "s#/opt/customs-news-monitor/.venv/bin/monitor#$(command -v true)#" deploy/monitor.service >"$folder/monitor.service"
  systemd-analyze verify "$folder/monitor.service"
  systemd-analyze security --offline=true --threshold=20 --no-pager "$folder/monitor.service" | tail -n 1
fi
if has hadolint; then hadolint deploy/Containerfile && say "the Containerfile is clean"; fi
if has promtool; then promtool check rules deploy/alerts.yaml; fi

say "the steps of the Containerfile, in $folder"
mkdir -p "$folder/build" "$folder/state"
chmod 0700 "$folder/state"
cp -r pyproject.toml constraints.txt README.md LICENSE NOTICE monitor "$folder/build"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir \
  --constraint "$folder/build/constraints.txt" "$folder/build[web,notify]"
rm -r "$folder/build"
# like a root file system that cannot be written: nothing but the state may change
chmod -R a-w "$folder/venv"
cd /
export MONITOR_STATE=$folder/state
"$folder/venv/bin/monitor" demo
"$folder/venv/bin/monitor" status --check --state "$folder/state"
say "the demo ran from a fresh install, and its state is well"
