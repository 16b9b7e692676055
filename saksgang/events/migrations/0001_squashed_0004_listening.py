import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("events", "0001_first"),
        ("events", "0002_mail_proven"),
        ("events", "0003_life_sign"),
        ("events", "0004_listening"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="LifeSign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=30, unique=True)),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Listening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField(db_index=True)),
                ("process", models.SlugField(max_length=40, unique=True)),
                ("streams", models.PositiveIntegerField()),
                ("lag_ms", models.PositiveIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("key", models.CharField(max_length=254)),
                ("open", models.PositiveSmallIntegerField(default=1)),
                ("raised_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("details", models.TextField(default="")),
            ],
            options={
                "indexes": [models.Index(fields=["open", "raised_at"], name="alarm_open")],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("open", 1)), fields=("kind", "key"), name="alarm_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("open", 1)),
                            models.Q(("ended_at__isnull", False), ("open", 0)),
                            _connector="OR",
                        ),
                        name="alarm_ended_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("at", models.DateTimeField()),
                ("by_person_id", models.BigIntegerField(null=True)),
                ("by_robot", models.CharField(default="", max_length=40)),
                ("subject_kind", models.CharField(max_length=30)),
                ("subject_id", models.BigIntegerField()),
                ("ticket_id", models.BigIntegerField(null=True)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("reason", models.TextField(default="")),
                ("redacted_at", models.DateTimeField(null=True)),
                ("redacted_by_id", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["ticket_id", "id"], name="event_ticket"),
                    models.Index(fields=["kind", "at"], name="event_kind_at"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by_person_id__isnull", False), ("by_robot", "")),
                            models.Q(("by_person_id__isnull", True), models.Q(("by_robot", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="event_by_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("redacted_at__isnull", True), ("redacted_by_id__isnull", True)),
                            models.Q(("redacted_at__isnull", False), ("redacted_by_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="event_redaction_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("follower", models.CharField(max_length=40)),
                ("due_at", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("dead", models.BooleanField(default=False)),
                ("last_error", models.TextField(default="")),
                ("event", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="events.event")),
            ],
            options={
                "indexes": [models.Index(fields=["follower", "dead", "due_at"], name="delivery_due")],
                "constraints": [models.UniqueConstraint(fields=("event", "follower"), name="delivery_once")],
            },
        ),
    ]
