/* request.h - mediation asked for on the public page, without an account, and the secret link to follow it.
 *
 * What is written is sealed for the clerks of the district, as every case is. The asker gets the number and a link of 32
 * random bytes, of which the database keeps a hash only. The link shows the number and the state in plain words: no
 * content, no names, for it may lie open on a phone that several people use. */
#ifndef MEDIATION_REQUEST_H
#define MEDIATION_REQUEST_H

#include "http/form.h"
#include "http/view.h"
#include "mediation/pages.h"
#include "mediation/request_sql.h"

/* Files the case and makes a link to it, in one transaction. The same once_key again files nothing, but gives another
 * link: the answer to the first press may never have reached the asker. ERR_CONFLICT: no clerk of the district could
 * read it, so nothing was kept. */
int request_file(struct ctx *cx, const struct case_filing *f, const char **number, const char **token);

/* The number and the state behind a link. *found false: no such link. */
int request_follow(struct ctx *cx, const char *token, struct case_link_state_row *row, bool *found);

/* How a case stands, for the person who asked (a msgid): more than the state would be told by its sides only. */
const char *request_words(enum case_state s);

/* --- pages --- */
struct ask_values {
    const char *place, *place_id, *occurred_on, *kind, *summary, *name, *contact, *other_side;
};
struct ask_page {
    struct intake_choices places, found;
};
struct follow_page {
    struct {
        const char *number, *state, *words;
    } about;
    const char *path, *host; /* of the link itself */
};

int ask_get(struct request *rq);
int ask_post(struct request *rq);
int follow_get(struct request *rq);
extern const struct form ask_form;
extern const struct view ask_view, follow_view;

#endif
