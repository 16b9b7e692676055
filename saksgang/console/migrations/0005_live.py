import django.db.models.deletion
from django.db import migrations, models

from saksgang.console.migrations._live import tell


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0004_one_draft"),
        ("events", "0001_first"),
        ("outbound", "0001_first"),
        ("people", "0001_first"),
        ("sessions", "0001_initial"),
        ("tickets", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Listening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField(db_index=True)),
                ("process", models.SlugField(max_length=40, unique=True)),
                ("streams", models.PositiveIntegerField()),
                ("lag_ms", models.PositiveIntegerField()),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField(db_index=True)),
                ("tab", models.SlugField(max_length=40)),
                ("writing", models.SlugField(default="", max_length=20)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "tab"), name="presence_once")],
            },
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
