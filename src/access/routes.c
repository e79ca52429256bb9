/* routes.c - the addresses of this feature. */
#include "access/access.h"
#include "access/internal.h"

#include "http/route.h"
#include "i18n/i18n.h"

const struct route ACCESS_ROUTES[] = {
    {0},
};
