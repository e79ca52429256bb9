/* ethnomap.c - the ethnomap as a module: its addresses and its place in the navigation. */
#include "ethnomap/ethnomap.h"

#include "access/permission.h"
#include "ethnomap/pages.h"
#include "ethnomap/place.h"
#include "ethnomap/tiles.h"
#include "i18n/i18n.h"

static const struct route ROUTES[] = {
    {HTTP_GET, "/map", ethnomap_get, PERM_MAP_READ, ROUTE_MEMO, NULL, &map_view, N_("The ethnomap: one indicator for every district on a day")},
    {HTTP_GET, "/map/print", ethnomap_print_get, PERM_MAP_READ, ROUTE_MEMO, NULL, &map_print_view, N_("The ethnomap on a page of paper")},
    {HTTP_GET, "/map/picture.svg", ethnomap_picture_get, PERM_MAP_READ, 0, NULL, NULL, N_("The ethnomap as a picture")},
    {HTTP_GET, "/map/export", ethnomap_export_get, PERM_MAP_READ, ROUTE_HEAVY, NULL, NULL, N_("The figures of the ethnomap as CSV or XLSX")},
    {HTTP_GET, "/places/{id}", place_get, PERM_MAP_READ, ROUTE_MEMO, NULL, &place_view, N_("The passport of a place: everything on record about it")},
    {HTTP_POST, "/places/{id}/figures", place_figure_post, PERM_REGISTRY_EDIT, 0, &figure_form, NULL, N_("Adds a figure to a passport")},
    {HTTP_GET, "/tiles/{layer}/{z}/{x}/{y}", tiles_route, 0, 0, NULL, NULL, N_("A vector tile of the map")},
    {0}};

static const struct nav_item NAV[] = {{N_("Map"), "/map", PERM_MAP_READ, 10}, {0}};

static const struct audit_word AUDIT[] = {
    {"figure.add", N_("Recorded a figure of a place")},
    {0}};

const struct module ethnomap_module = {.name = "ethnomap", .title = N_("Ethnomap"), .audit = AUDIT, .routes = ROUTES, .nav = NAV};
