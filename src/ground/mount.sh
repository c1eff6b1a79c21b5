# mount_once MOUNT_POINT FIELD LINE: adds a line to /etc/fstab, once, and mounts
mount_once() {
    mkdir -p -- "$1"
    touch /etc/fstab
    if ! grep -qxF -- "$3" /etc/fstab; then
        if field=$2 awk '/^[ \t]*#/ { next } { sub("/+$", "", $2) } $2 == ENVIRON["field"] { found = 1 } END { exit !found }' /etc/fstab; then
            fail "/etc/fstab has another line for $2; change it to: $3"
        fi
        # Where the last line has no end, the new one would become a part of it.
        [ -z "$(tail -c 1 /etc/fstab)" ] || echo >>/etc/fstab
        printf '%s\n' "$3" >>/etc/fstab
        systemctl daemon-reload
    fi
    mountpoint -q -- "$1" || mount -- "$1"
}
