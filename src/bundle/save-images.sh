#!/bin/sh
# Outside, where the public registries are reached: saves the images as images-ARCH.tar beside this script, with a checksum.
# 在能访问公网镜像仓库的机器上运行：把镜像保存为本目录下的 images-ARCH.tar，并写出校验和。
#
#   sh save-images.sh@ARGUMENT@
#
# It is safe to run twice. It needs @TOOL@, and room for the images twice over.
set -eu

fail() {
    printf 'save-images: %s\n' "$1" >&2
    exit 1
}

arch=${1:-@DEFAULT@}
case $arch in
@PATTERN@) ;;
*) fail "expected @NAMES@, and found \"$arch\"" ;;
esac

cd -- "$(dirname -- "$0")"
work=images-$arch.work
rm -rf -- "$work"
mkdir -- "$work"
sh "images/$arch/mirror.sh" save "$work/images"
tar -cf "$work/images.tar" -C "$work/images" .
mv -- "$work/images.tar" "images-$arch.tar"
sha256sum "images-$arch.tar" >"images-$arch.tar.sha256"
rm -rf -- "$work"
printf 'save-images: take this whole folder to the site, with images-%s.tar in it\n' "$arch"
