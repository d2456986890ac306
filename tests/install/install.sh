#!/bin/bash
# Installs into a scratch folder, builds the examples against what was installed and nothing else,
# and runs both the examples and the installed program.
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
# NAME and what it has to say
example() {
    cc -std=c17 -Wall -Wextra -Werror "${cflags[@]}" "$source/examples/$1.c" -o "$scratch/$1" \
        "${libs[@]}" -lm
    said=$(LD_LIBRARY_PATH=$prefix/lib "$scratch/$1")
    echo "$said"
    [[ $said == $2 ]] || { echo "the example $1 says something else"; exit 1; }
    if ldd "$scratch/$1" | grep -E 'duckdb|yaml|jansson'; then
        echo "the example $1 links more than libmadang"
        exit 1
    fi
}
example saved "saved *, heating below 60 F"
example pool "saved 6.5 % (4.5 to 8.5), I2 81 %; there 7.2 % (5.1 to 9.1)"
"$prefix/bin/madang" --version
