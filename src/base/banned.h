/* banned.h - functions that are easy to use wrongly do not compile in this program.
 *
 * Comes with arena.h, which every file includes. The system's headers are read first, so that
 * their own declarations stay whole; after that a call of a banned name is a compile error whose
 * text says what to use instead. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef strtok
#undef sprintf
#undef vsprintf
#undef gets
#undef atoi
#undef atol
#undef atoll
#undef atof
#undef rand
#undef srand
#undef gmtime
#undef localtime
#undef ctime
#undef asctime
#undef tmpnam
#undef mktemp
#undef alloca
#define strcpy(...) banned_use_arena_strdup_or_buf_puts
#define strcat(...) banned_use_buf_puts
#define strncpy(...) banned_use_arena_strndup
#define strncat(...) banned_use_buf_put
#define strtok(...) banned_use_str_split
#define sprintf(...) banned_use_arena_printf_or_snprintf
#define vsprintf(...) banned_use_arena_vprintf_or_vsnprintf
#define gets(...) banned_use_fs_read
#define atoi(...) banned_use_str_to_int
#define atol(...) banned_use_str_to_int
#define atoll(...) banned_use_str_to_int
#define atof(...) banned_use_str_to_num
#define rand(...) banned_use_stat_rng_or_crypto_random
#define srand(...) banned_use_stat_rng_or_crypto_random
#define gmtime(...) banned_use_base_time
#define localtime(...) banned_use_base_time
#define ctime(...) banned_use_base_time
#define asctime(...) banned_use_base_time
#define tmpnam(...) banned_use_fs_temp_dir
#define mktemp(...) banned_use_fs_temp_dir
#define alloca(...) banned_use_arena_alloc

#endif
