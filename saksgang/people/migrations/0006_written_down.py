from django.db import migrations, models


def mark(apps, _editor):
    """Those whom an agent wrote down while registering a case are known from what they said only."""
    events, persons = apps.get_model("events", "Event"), apps.get_model("people", "Person")
    added = events.objects.filter(kind="person_added", by_person_id__isnull=False).values_list("subject_id", flat=True)
    ids = list(added)
    for at in range(0, len(ids), 500):
        persons.objects.filter(pk__in=ids[at : at + 500], external_id__isnull=True).update(written_down=True)


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0004_listening"),
        ("people", "0005_domains_in_letters"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="written_down",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop, elidable=True),
    ]
