import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("demo", "0001_first"), ("demo", "0002_keys")]

    initial = True

    dependencies = [
        ("tickets", "0001_squashed_0024_ends_when_told"),
    ]

    operations = [
        migrations.CreateModel(
            name="DemoMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seed", models.PositiveIntegerField()),
                ("told_from", models.DateTimeField()),
                ("ready_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReceivedMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recipient", models.CharField(max_length=254)),
                ("sender_name", models.CharField(default="", max_length=200)),
                ("sender_address", models.CharField(default="", max_length=254)),
                ("subject", models.CharField(default="", max_length=300)),
                ("header_id", models.CharField(default="", max_length=500)),
                ("raw_sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["at", "id"], name="received_newest"),
                    models.Index(fields=["recipient", "at"], name="received_by_person"),
                    models.Index(fields=["header_id"], name="received_header_id"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ToldStory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, unique=True)),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
        ),
    ]
