#!/bin/sh
# At the site, on a machine that reaches its registry: brings the images of images-ARCH.tar to @REGISTRY@.
# 在现场能访问私有仓库的机器上运行：把 images-ARCH.tar 中的镜像推送到 @REGISTRY@。
#
#   sh load-images.sh@ARGUMENT@
#
# It is safe to run twice. It needs @TOOL@, logged in to the registry, and room for the images twice over.
set -eu

fail() {
    printf 'load-images: %s\n' "$1" >&2
    exit 1
}

arch=${1:-@DEFAULT@}
case $arch in
@PATTERN@) ;;
*) fail "expected @NAMES@, and found \"$arch\"" ;;
esac

cd -- "$(dirname -- "$0")"
[ -f "images-$arch.tar" ] ||
    fail "images-$arch.tar is not here: run save-images.sh outside, and bring the whole folder in"
sha256sum -c "images-$arch.tar.sha256"
work=images-$arch.work
rm -rf -- "$work"
mkdir -- "$work"
tar -xf "images-$arch.tar" -C "$work"
sh "images/$arch/mirror.sh" load "$work"
rm -rf -- "$work"
printf 'load-images: the images are in @REGISTRY@\n'
