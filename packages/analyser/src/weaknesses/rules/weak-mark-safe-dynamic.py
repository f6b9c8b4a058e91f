from django.utils import safestring
from django.utils.safestring import mark_safe


def page(title):
    heading = "<h1>Orders</h1>"
    mark_safe(heading)  # ok: weak-mark-safe-dynamic
    mark_safe("<b>{}</b>".format("total"))  # ok: weak-mark-safe-dynamic
    mark_safe("<b>%s</b>" % title)  # finding: weak-mark-safe-dynamic
    return safestring.SafeText(title)  # finding: weak-mark-safe-dynamic
