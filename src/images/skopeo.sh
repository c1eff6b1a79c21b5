# skopeo, 1.5 or newer, takes all platforms of an image, unless the list below names one. Digests are kept, and it stops
# where it cannot keep one. An image that is pinned by digest is copied whole, since the digest may be that of all platforms.
--
# transfer FROM TO DIGEST PLATFORM
transfer() {
    if [ -n "$4" ] && [ -z "$3" ]; then
        skopeo --override-os "${4%/*}" --override-arch "${4#*/}" copy --preserve-digests "$1" "$2"
    else
        skopeo copy --all --preserve-digests "$1" "$2"
    fi
}

copy() {
    transfer "docker://$1" "docker://$2" "$4" "$5"
}

save() {
    transfer "docker://$1" "dir:$folder/$3" "$4" "$5"
}

load() {
    transfer "dir:$folder/$3" "docker://$2" "$4" "$5"
}
