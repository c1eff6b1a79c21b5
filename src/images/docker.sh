# docker takes one platform of an image: that of this machine, unless the list below names another. The copy of an image
# that is pinned by digest may get another digest, under which no node would find it: the script looks, and stops then.
# skopeo copies all platforms and keeps digests: hzgchart images --mirror @REGISTRY@ --tool skopeo
--
fetch() {
    if [ -n "$5" ]; then
        docker pull --platform "$5" "$1"
    else
        docker pull "$1"
    fi
    docker tag "$1" "$2"
}

publish() {
    docker push "$2"
    if [ -n "$4" ] && ! docker pull "${2%:*}@$4"; then
        fail "docker gave the copy of $1 another digest: copy it with skopeo"
    fi
}

copy() {
    fetch "$@"
    publish "$@"
}

save() {
    fetch "$@"
    docker save -o "$folder/$3.tar" "$2"
}

load() {
    docker load -i "$folder/$3.tar"
    publish "$@"
}
