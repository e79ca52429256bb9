/* style.h - the page /styleguide: every part of docs/style.md, to look at after a change of the styles. */
#ifndef STYLE_STYLE_H
#define STYLE_STYLE_H

#include "module.h"

extern const struct module style_module;

#endif
