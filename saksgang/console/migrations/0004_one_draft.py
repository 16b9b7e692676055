from django.db import migrations

LEAVES = ("answer", "resolution", "waiting", "conversation", "outward", "closure")


def join(apps, schema_editor):
    """What was begun in several boxes of one case becomes one text, the oldest first. Notes stay by themselves."""
    drafts = apps.get_model("console", "Draft").objects.using(schema_editor.connection.alias)
    begun = {}
    for draft in drafts.filter(ticket__isnull=False, box__in=LEAVES).order_by("changed_at", "pk"):
        begun.setdefault((draft.ticket_id, draft.person_id), []).append(draft)
    for several in begun.values():
        kept = several[-1]
        text = "\n\n".join(draft.text.strip() for draft in several if draft.text.strip())
        drafts.filter(pk__in=[draft.pk for draft in several[:-1]]).delete()
        drafts.filter(pk=kept.pk).update(box="answer", text=text)


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0003_registration_draft"),
    ]

    operations = [
        migrations.RunPython(join, migrations.RunPython.noop),
    ]
