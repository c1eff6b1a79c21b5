#!/bin/sh
# Prepares the file server @SERVER@ for Forguncy: the NFS server, the directories, the exports. Run it as root on that
# machine. It is safe to run twice: what is there stays, with its data. The workers reach it on TCP port 2049.
set -eu
PATH=$PATH:/usr/sbin:/sbin
# The workers must be able to enter what lies above the directories.
umask 022

fail() {
    printf 'nfs server: %s\n' "$1" >&2
    exit 1
}

[ "$(id -u)" -eq 0 ] || fail 'run it as root'

# The NFS server, by the name that the distribution gives it.
if ! command -v exportfs >/dev/null; then
    if command -v apt-get >/dev/null; then
        apt-get update
        DEBIAN_FRONTEND=noninteractive apt-get install -y nfs-kernel-server
    elif command -v dnf >/dev/null; then
        dnf install -y nfs-utils
    elif command -v yum >/dev/null; then
        yum install -y nfs-utils
    elif command -v zypper >/dev/null; then
        zypper --non-interactive install nfs-kernel-server
    else
        fail 'install the NFS server by the means of this distribution, then run this again'
    fi
fi

# directory PATH OWNER MODE
directory() {
    mkdir -p -- "$1"
    chown -- "$2" "$1"
    chmod -- "$3" "$1"
}

# 65534 is nobody:nogroup, for which the server takes the root of the workers; 777 lets the pods write whoever they are. The
# directories of redis and InfluxDB belong to the users of their pods. Files that are there already keep their owners.
@DIRECTORIES@

# exported PATH: whether a line of /etc/exports is about it, also with quotes or a slash at the end
exported() {
    path=$1 awk '
        /^"/ { split($0, parts, "\""); field = parts[2]; gsub(" ", "\\040", field) }
        !/^"/ { field = $1 }
        { sub("/+$", "", field); if (field == ENVIRON["path"]) found = 1 }
        END { exit !found }' /etc/exports
}

# export_once PATH LINE: adds a line to /etc/exports, once
export_once() {
    touch /etc/exports
    if grep -qxF -- "$2" /etc/exports; then
        return
    fi
    if exported "$1"; then
        fail "/etc/exports has another line for $1; change it to: $2"
    fi
    # Where the last line has no end, the new one would become a part of it.
    [ -z "$(tail -c 1 /etc/exports)" ] || echo >>/etc/exports
    printf '%s\n' "$2" >>/etc/exports
}

@EXPORTS@

systemctl enable --now nfs-server
exportfs -ra
