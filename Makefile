# The whole build of Shanyraq. Objects live in build/<mode>/, generated C in build/gen/ (the same for
# every mode). Nothing lists source files: a new folder under src/ is a part of the program.
#
#   make                 build/shanyraq (release)
#   make MODE=asan       build/asan/shanyraq with address and undefined-behaviour sanitizers
#   make MODE=tsan       build/tsan/shanyraq with the thread sanitizer
#   make tests           every C test program of the mode, build/<mode>/tests/*.t
#   make check           the fast tests; ./test runs everything
#   make bench           figures beside a peer (bench/README.md)
#   make bench-stat      the statistical core beside R (bench/stat/README.md)
#   make new-module NAME=visits   a new folder src/visits from docs/examples/module

MODE ?= release
CC = gcc
BUILD := build
OUT := $(BUILD)/$(MODE)
GEN := $(BUILD)/gen

PACKAGES := sqlite3 libpq libmicrohttpd libsodium jansson expat libutf8proc icu-i18n icu-uc libzip \
            xlsxwriter cairo cairo-pdf cairo-ft pangocairo pangoft2 fontconfig freetype2 zlib libcmark
# The reference LAPACK and BLAS, whichever tuned one the machine has: the same figures everywhere.
LIBDIR := $(shell pkg-config --variable=libdir lapack-netlib)
LAPACK := $(LIBDIR)/liblapacke.a $(LIBDIR)/lapack/liblapack.a $(LIBDIR)/blas/libblas.a -l:libgfortran.so.5
PKG_CFLAGS := $(shell pkg-config --cflags-only-I $(PACKAGES) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lRmath -lglpk -lgeos_c $(LAPACK) -lm -pthread

WARN := -Wall -Wextra -Wshadow -Wvla -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes \
        -Wold-style-definition -Wwrite-strings -Wundef -Wimplicit-fallthrough -Wduplicated-cond
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -fno-common -fPIE
CFLAGS_release := -O2 -g $(HARDEN) -D_FORTIFY_SOURCE=2
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
CFLAGS_tsan := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
LDFLAGS_release := -pie -Wl,-z,relro,-z,now,-z,noexecstack
LDFLAGS_asan := -fsanitize=address,undefined
LDFLAGS_tsan := -fsanitize=thread
ifdef CI
WARN += -Werror
endif
# -ffp-contract=off: the same figures on every machine.
CFLAGS := -std=c17 -D_GNU_SOURCE $(WARN) $(CFLAGS_$(MODE)) -ffp-contract=off -Isrc -I$(GEN) -Itests $(PKG_CFLAGS)
LDFLAGS := $(LDFLAGS_$(MODE))

# --- generated C: queries, templates, translations, embedded files -----------------------------
SQL := $(shell find src -name '*.sql')
HTML := $(shell find src -name '*.html')
PO := $(shell find src -name '*.po')
MIGRATIONS := $(sort $(wildcard migrations/*.sql))
GEN_SQL := $(SQL:src/%.sql=$(GEN)/%_sql.c)
GEN_HTML := $(HTML:src/%.html=$(GEN)/%_html.c)
GEN_C := $(GEN_SQL) $(GEN)/statements.c $(GEN_HTML) $(GEN)/texts.c $(GEN)/embedded.c
GEN_H := $(GEN_SQL:.c=.h) $(GEN_HTML:.c=.h)

# --- sources -------------------------------------------------------------------------------------
SRC := $(shell find src -name '*.c' ! -name 'test_*.c' ! -name 'fuzz_*.c' ! -path src/main.c)
LIB_OBJ := $(SRC:src/%.c=$(OUT)/%.o) $(GEN_C:$(GEN)/%.c=$(OUT)/gen/%.o) $(OUT)/gen/embedded_data.o
TEST_SRC := $(shell find src tests -name 'test_*.c')
TESTS := $(foreach t,$(TEST_SRC),$(OUT)/tests/$(subst /,_,$(patsubst src/%,%,$(t:.c=.t))))
FUZZ_SRC := $(shell find src tools -name 'fuzz_*.c')
FUZZ := $(foreach t,$(FUZZ_SRC),$(OUT)/fuzz/$(notdir $(t:.c=)))

.PHONY: all stat tests fuzz check bench bench-stat clean assets new-module
.DELETE_ON_ERROR:
.SECONDARY:

ifeq ($(MODE),release)
all: $(BUILD)/shanyraq
else
all: $(OUT)/shanyraq
endif
$(BUILD)/shanyraq: $(BUILD)/release/shanyraq
	ln -sf release/shanyraq $@

$(OUT)/shanyraq: $(OUT)/main.o $(OUT)/libshanyraq.a
	$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(OUT)/libshanyraq.a: $(LIB_OBJ)
	rm -f $@ && ar rcs $@ $^

# The statistical core alone, for other programs: src/stat and what it needs of base. A program that
# uses it links $(LAPACK) -lRmath -lglpk -lm -pthread.
STAT_OBJ := $(patsubst src/%.c,$(OUT)/%.o,$(filter src/stat/%,$(SRC)) src/base/arena.c)
stat: $(OUT)/libshanyraqstat.a
$(OUT)/libshanyraqstat.a: $(STAT_OBJ)
	rm -f $@ && ar rcs $@ $^

$(OUT)/%.o: src/%.c | $(GEN_H)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/gen/%.o: $(GEN)/%.c | $(GEN_H)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/gen/embedded_data.o: $(GEN)/embedded.c
	@mkdir -p $(@D)
	$(CC) -c -o $@ $(GEN)/embedded_data.S

# --- the generators --------------------------------------------------------------------------------
$(BUILD)/tools/%: tools/%.c
	@mkdir -p $(@D)
	$(CC) -std=c17 -D_GNU_SOURCE -O1 -g $(WARN) -Isrc -o $@ $(filter %.c,$^) -lsqlite3 -lz

$(BUILD)/tools/sqlc: $(wildcard tools/sqlc_*.c) tools/sqlc.h src/db/split.h
$(GEN)/%_sql.c: src/%.sql $(BUILD)/tools/sqlc $(MIGRATIONS)
	@mkdir -p $(@D)
	$(BUILD)/tools/sqlc migrations $< $(@:.c=.h) $@
$(GEN)/%_sql.h: $(GEN)/%_sql.c ;
$(GEN)/statements.c: $(SQL) $(BUILD)/tools/sqlc
	@mkdir -p $(@D)
	$(BUILD)/tools/sqlc --list $@ $(SQL)

$(GEN)/%_html.c: src/%.html $(BUILD)/tools/tmplc
	@mkdir -p $(@D)
	$(BUILD)/tools/tmplc $< $(@:.c=.h) $@
$(GEN)/%_html.h: $(GEN)/%_html.c ;

$(BUILD)/tools/i18nc: $(wildcard tools/i18nc_*.c) tools/i18nc.h
$(GEN)/texts.c: $(PO) $(BUILD)/tools/i18nc $(SRC) src/main.c $(HTML)
	@mkdir -p $(@D)
	$(BUILD)/tools/i18nc $@ src

# Web assets, migrations, region packs and the user guide are part of the binary.
PACKS := $(wildcard packs/*)
GUIDE := $(shell find docs/guide -type f 2>/dev/null)
LISTS := $(wildcard reference/*.csv demo/*.csv)
$(GEN)/embedded.c: $(BUILD)/assets/manifest.json $(BUILD)/glyphs.made $(MIGRATIONS) $(PACKS) $(GUIDE) $(LISTS) $(BUILD)/tools/embed
	@mkdir -p $(@D)
	$(BUILD)/tools/embed $(GEN)/embedded assets=$(BUILD)/assets migrations=migrations packs=packs guide=docs/guide \
	    reference=reference demo=demo

WEB := $(shell find web -type f -not -path '*/node_modules/*') $(shell find src -name 'island_*.ts')
assets: $(BUILD)/assets/manifest.json $(BUILD)/glyphs.made
$(BUILD)/assets/manifest.json: $(WEB) web/node_modules/.installed
	node web/esbuild.mjs $(BUILD)/assets
# Letters for the map's labels, from Debian's fonts-paratype (the same family as the pages').
FONTS := /usr/share/fonts/truetype/paratype
$(BUILD)/tools/glyphs: tools/glyphs.c
	@mkdir -p $(@D)
	$(CC) -std=c17 -D_GNU_SOURCE -O2 -g $(WARN) $(PKG_CFLAGS) -o $@ $< -lfreetype
$(BUILD)/glyphs.made: $(BUILD)/tools/glyphs
	@mkdir -p $(BUILD)/assets/glyphs
	$(BUILD)/tools/glyphs $(BUILD)/assets/glyphs pt-sans $(FONTS)/PTS55F.ttf
	$(BUILD)/tools/glyphs $(BUILD)/assets/glyphs pt-sans-bold $(FONTS)/PTS75F.ttf
	touch $@
web/node_modules/.installed: web/package-lock.json
	cd web && npm ci --no-audit --no-fund --silent && touch node_modules/.installed

# --- tests --------------------------------------------------------------------------------------------
define TEST_RULE
$(OUT)/tests/$(subst /,_,$(patsubst src/%,%,$(1:.c=.t))): $(1) $(OUT)/libshanyraq.a | $(GEN_H)
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) $$(LDFLAGS) -MMD -MP -o $$@ $$< $(OUT)/libshanyraq.a $$(PKG_LIBS)
endef
$(foreach t,$(TEST_SRC),$(eval $(call TEST_RULE,$(t))))

# The example of docs/examples/module, compiled and tested as a folder src/notes would be.
EXAMPLE := $(GEN)/example
EXAMPLE_SRC := $(wildcard docs/examples/module/*)
TESTS += $(OUT)/tests/example_test_notes.t
$(EXAMPLE)/made: $(EXAMPLE_SRC) $(MIGRATIONS) $(BUILD)/tools/sqlc $(BUILD)/tools/tmplc
	@rm -rf $(EXAMPLE) && mkdir -p $(EXAMPLE)/src/notes $(EXAMPLE)/migrations
	cp $(EXAMPLE_SRC) $(EXAMPLE)/src/notes
	cp $(MIGRATIONS) $(EXAMPLE)/migrations && cp docs/examples/module/migration.sql $(EXAMPLE)/migrations/9999_notes.sql
	cd $(EXAMPLE) && ../../tools/sqlc migrations src/notes/notes.sql src/notes/notes_sql.h src/notes/notes_sql.c
	cd $(EXAMPLE) && ../../tools/tmplc src/notes/notes.html src/notes/notes_html.h src/notes/notes_html.c
	touch $@
$(OUT)/tests/example_test_notes.t: $(EXAMPLE)/made $(OUT)/libshanyraq.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -I$(EXAMPLE)/src -DEXAMPLE_MIGRATION='"docs/examples/module/migration.sql"' -o $@ \
	    $(EXAMPLE)/src/notes/*.c $(OUT)/libshanyraq.a $(PKG_LIBS)

tests: $(TESTS) $(OUT)/shanyraq

new-module:
	tools/newmodule.sh "$(NAME)"

# A fuzz target is one LLVMFuzzerTestOneInput; tests/fuzz_main.c replays a corpus and mutates it.
fuzz: $(FUZZ)
define FUZZ_RULE
$(OUT)/fuzz/$(notdir $(1:.c=)): $(1) tests/fuzz_main.c $(OUT)/libshanyraq.a | $(GEN_H)
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$< tests/fuzz_main.c $(OUT)/libshanyraq.a $$(PKG_LIBS)
endef
$(foreach t,$(FUZZ_SRC),$(eval $(call FUZZ_RULE,$(t))))

check: tests
	prove -j2 $(TESTS)

bench: $(BUILD)/shanyraq
	bench/run

# Each case_<name>.c is a program of its own on top of the statistical core; R does the same (case_<name>.R).
# make bench-stat CASES="survey_means" RUNS=1: one of them, once.
BENCH_STAT := $(patsubst bench/stat/%.c,$(OUT)/bench/%,$(wildcard bench/stat/case_*.c))
$(OUT)/bench/case_%: bench/stat/case_%.c bench/stat/bench.c bench/stat/bench.h $(OUT)/libshanyraqstat.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -Ibench/stat -o $@ $< bench/stat/bench.c $(OUT)/libshanyraqstat.a $(PKG_LIBS)
$(OUT)/bench/compare: bench/stat/compare.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< -lm
bench-stat: $(BENCH_STAT) $(OUT)/bench/compare
	PROGRAMS=$(OUT)/bench bench/stat/run $(CASES)

clean:
	rm -rf $(BUILD)

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)
