/* style.c - serves the samples of all parts of pages. They hold no data, so anybody may see them. */
#include "style/style.h"

#include "i18n/i18n.h"
#include "style/guide_html.h"

static const struct view GUIDE = {
    .name = "styleguide", .title = N_("Samples of the design"), .html = style_guide_html};

static int guide_page(struct request *rq)
{
    return respond_view(rq, &GUIDE, NULL);
}

static const struct route ROUTES[] = {
    {HTTP_GET, "/styleguide", guide_page, .flags = ROUTE_PUBLIC, .view = &GUIDE,
     .summary = N_("Samples of the design")},
    {.pattern = NULL},
};

const struct module style_module = {.name = "style", .title = N_("Style"), .routes = ROUTES};
