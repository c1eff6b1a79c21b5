#!/bin/sh
# Copies the images of a Forguncy configuration to the registry @REGISTRY@, each under its own repository and tag. There
# the chart finds them with
#   global.imageRegistry: @REGISTRY@
#
#   sh mirror.sh                  copies, where one machine reaches both sides
#   sh mirror.sh save FOLDER      writes the images to files, where the public registries are reached
#   sh mirror.sh load FOLDER      brings the files to the registry, where that one is reached
#
# It is safe to run twice. Log in to the registry first: @TOOL@ login.
#
@NOTE@
set -eu

fail() {
    printf 'mirror: %s\n' "$1" >&2
    exit 1
}

@FUNCTIONS@

# Each line: from, to, the file in between, the digest if the image is pinned by one, and the platform if there is but one.
images() {
@IMAGES@
}

command -v @TOOL@ >/dev/null || fail '@TOOL@ is not installed'
case ${1:-copy} in
copy)
    images copy
    ;;
save | load)
    folder=${2:-}
    [ -n "$folder" ] || fail "$1 needs a folder: sh mirror.sh $1 FOLDER"
    mkdir -p -- "$folder"
    images "$1"
    ;;
*)
    fail "expected nothing, save FOLDER or load FOLDER, and found $1"
    ;;
esac
