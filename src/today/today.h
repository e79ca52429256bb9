/* today.h - the first screen: what needs the one who signed in; for everybody else what the institution is for. */
#ifndef TODAY_TODAY_H
#define TODAY_TODAY_H

#include "module.h"

extern const struct module today_module;

#endif
