# nerdctl takes all platforms of an image, unless the list below names one. The copy of an image that is pinned by digest
# may get another digest, under which no node would find it: the script looks, and stops then. skopeo keeps digests:
# hzgchart images --mirror @REGISTRY@ --tool skopeo
--
# platforms COMMAND PLATFORM [ARGUMENT…]: runs a command of nerdctl for one platform or for all
platforms() {
    command=$1 platform=$2
    shift 2
    if [ -n "$platform" ]; then
        nerdctl "$command" --platform "$platform" "$@"
    else
        nerdctl "$command" --all-platforms "$@"
    fi
}

fetch() {
    platforms pull "$5" "$1"
    nerdctl tag "$1" "$2"
}

publish() {
    platforms push "$5" "$2"
    if [ -n "$4" ] && ! platforms pull "$5" "${2%:*}@$4"; then
        fail "nerdctl gave the copy of $1 another digest: copy it with skopeo"
    fi
}

copy() {
    fetch "$@"
    publish "$@"
}

save() {
    fetch "$@"
    platforms save "$5" -o "$folder/$3.tar" "$2"
}

load() {
    platforms load "$5" -i "$folder/$3.tar"
    publish "$@"
}
