/* pages.c - the page of settings. */
#include "setting/setting.h"

const struct module setting_module = {.name = "setting"};
