#!/bin/bash
# Installs into a scratch folder, builds the example against what was installed and nothing else,
# and runs both the example and the installed program.
# usage: install.sh BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
build=$1 source=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

meson install -C "$build" --no-rebuild --destdir "$scratch" --quiet
prefix=$(find "$scratch" -name madang.pc -printf '%h\n' -quit)
prefix=${prefix%/lib/pkgconfig}
for file in bin/madang include/madang.h include/madang/base.h lib/libmadang.so lib/libmadang.a; do
    [ -e "$prefix/$file" ] || { echo "not installed: $file"; exit 1; }
done

export PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig
flags=(--define-variable=prefix="$prefix")
read -ra cflags < <(pkg-config "${flags[@]}" --cflags madang)
read -ra libs < <(pkg-config "${flags[@]}" --libs madang)
cc -std=c17 -Wall -Wextra -Werror "${cflags[@]}" "$source/examples/saved.c" -o "$scratch/saved" \
    "${libs[@]}" -lm
said=$(LD_LIBRARY_PATH=$prefix/lib "$scratch/saved")
echo "$said"
[[ $said == "saved "*", heating below 60 F" ]] || { echo 'the example says something else'; exit 1; }
if ldd "$scratch/saved" | grep -E 'duckdb|yaml|jansson'; then
    echo 'the example links more than libmadang'
    exit 1
fi
"$prefix/bin/madang" --version
