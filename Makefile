# A thin front door to meson and tools/. Every target sets up what it needs, and only what is missing.
#   make            the program: build/madang
#   make demo       a simulated city, measured: build/demo-city; and twelve, pooled: build/demo-cities
#   make test       everything that is checked; the last line counts
#   make bench      speed; BENCH=name for one figure
#   make bench-reference   our fit beside the reference implementation's, in one run
#   make fuzz       libFuzzer on the parsers, SECONDS_EACH=60 for each
#   make install    into PREFIX=/usr/local, under DESTDIR
#   make format     lay out the C files
#   make clean      remove what was built

BENCH =
PREFIX = /usr/local
SECONDS_EACH = 60
WERROR = $(if $(CI),true,false)

.PHONY: all program demo test bench bench-reference fuzz install format clean
all: program

build/build.ninja:
	tools/setup build
	meson setup build -Dprefix=$(PREFIX) -Dwerror=$(WERROR)

program: build/build.ninja
	@tools/setup build
	@meson compile -C build madang:executable

demo: program
	build/madang demo build/demo-city
	build/madang demo --cities build/demo-cities

test:
	tools/test

bench: build/build.ninja
	@tools/setup build
	@meson compile -C build bench/bench
	build/bench/bench $(BENCH)
	@case '$(BENCH)' in '' | pool*) tools/bench-metafor ;; esac

bench-reference: build/build.ninja
	@tools/setup build
	@meson compile -C build bench/bench
	tools/bench-reference

fuzz:
	tools/fuzz $(SECONDS_EACH)

install: program
	meson configure build -Dprefix=$(PREFIX)
	meson compile -C build
	meson install -C build --no-rebuild

format:
	@tools/setup test
	tools/check-format --fix

clean:
	rm -rf build build-asan build-fuzz
