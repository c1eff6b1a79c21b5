#!/bin/sh
# Prepares a node of the cluster for Forguncy: @WHAT@. Run it as root on every node.
# It is safe to run twice.
set -eu
PATH=$PATH:/usr/sbin:/sbin
umask 022

fail() {
    printf 'nfs worker: %s\n' "$1" >&2
    exit 1
}

[ "$(id -u)" -eq 0 ] || fail 'run it as root'

# The client of NFS, by the name that the distribution gives it.
if ! command -v mount.nfs >/dev/null; then
    if command -v apt-get >/dev/null; then
        apt-get update
        DEBIAN_FRONTEND=noninteractive apt-get install -y nfs-common
    elif command -v dnf >/dev/null; then
        dnf install -y nfs-utils
    elif command -v yum >/dev/null; then
        yum install -y nfs-utils
    elif command -v zypper >/dev/null; then
        zypper --non-interactive install nfs-client
    else
        fail 'install the client of NFS by the means of this distribution, then run this again'
    fi
fi

@MOUNT@
