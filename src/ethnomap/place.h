/* place.h - the model of a passport's page and of the form on it. */
#ifndef ETHNOMAP_PLACE_H
#define ETHNOMAP_PLACE_H

#include "ethnomap/map_sql.h"
#include "ethnomap/pages.h"
#include "ethnomap/passport.h"
#include "html/html.h"
#include "http/form.h"

struct place_page {
    struct passport p;
    struct map_question question; /* addresses of the small map's tiles */
    const char *bounds, *texts;   /* NULL: there is nothing to show on a map */
    const char *today;
    struct html trend_chart;
    struct map_survey_indicators_list survey; /* to choose from */
    bool may_edit, may_choose_point, may_visits, past; /* may_visits: open the visits of this place */
};

struct figure_values {
    const char *indicator, *period, *source;
    struct opt_num value;
};
extern const struct form figure_form;
extern const struct view place_view;

#endif
