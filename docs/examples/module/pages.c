/* pages.c - the page of the notes: a list with a form under it. The same model answers as JSON. */
#include "notes/notes.h"
#include "notes/notes_html.h"
#include "notes/pages.h"

#include "i18n/i18n.h"

struct note_values {
    const char *text;
};
static const struct form_field FIELDS[] = {
    {.name = "text", .type = FORM_TEXTAREA, .label = N_("Text of the note"), .required = true, .max = 500,
     .offset = offsetof(struct note_values, text)},
    {0}};
const struct form notes_form = {FIELDS, sizeof(struct note_values)};

static const struct view_part PARTS[] = {
    {"notes", VIEW_LIST, offsetof(struct notes_page, notes), &notes_list_row_desc}, {0}};
static const struct view VIEW = {
    .name = "notes", .title = N_("Notes"), .nav = "/notes", .html = notes_notes_html, .parts = PARTS};

static int get_notes(struct request *rq)
{
    struct notes_page m = {0};
    TRY(notes_list(rq->cx, rq->cx->region_id, &m.notes));
    return respond_view(rq, &VIEW, &m);
}

static int post_note(struct request *rq)
{
    const struct note_values *v = form_values(rq);
    int64_t id;
    if (!form_ok(rq))
        return get_notes(rq); /* the page again: 422, messages at the fields */
    TRY(notes_add(rq->cx, v->text, &id));
    return respond_redirect(rq, "/notes", T(rq->cx, "The note is recorded."));
}

const struct route notes_routes[] = {
    {HTTP_GET, "/notes", get_notes, PERM_REGISTRY_READ, 0, NULL, &VIEW, N_("Notes")},
    {HTTP_POST, "/notes", post_note, PERM_REGISTRY_EDIT, 0, &notes_form, NULL, N_("Record a note")},
    {0}};
