import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0006_written_down"),
        ("tickets", "0013_calls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Improvement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("folded", models.CharField(max_length=400)),
                ("description", models.TextField(default="")),
                ("note", models.TextField(default="")),
                (
                    "effort",
                    models.CharField(
                        choices=[
                            ("SMALL", "Small"),
                            ("MEDIUM", "Medium"),
                            ("LARGE", "Large"),
                            ("UNKNOWN", "Don't know"),
                        ],
                        default="UNKNOWN",
                        max_length=10,
                    ),
                ),
                (
                    "gain",
                    models.CharField(
                        choices=[
                            ("SMALL", "Small"),
                            ("MEDIUM", "Medium"),
                            ("LARGE", "Large"),
                            ("UNKNOWN", "Don't know"),
                        ],
                        default="UNKNOWN",
                        max_length=10,
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("TAKEN_IN", "Taken in"),
                            ("PLANNED", "Planned"),
                            ("DECLINED", "Declined"),
                            ("DONE", "Done"),
                        ],
                        max_length=10,
                    ),
                ),
                ("planned_for", models.DateField(null=True)),
                ("rank", models.IntegerField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                ("redacted_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "redacted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="improvements", to="people.team"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("team", "rank"), name="improvement_ranked_once"),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="improvement_has_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effort__in", ["SMALL", "MEDIUM", "LARGE", "UNKNOWN"]),
                            ("gain__in", ["SMALL", "MEDIUM", "LARGE", "UNKNOWN"]),
                        ),
                        name="improvement_sizes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_at__isnull", False),
                                ("planned_for__isnull", True),
                                ("rank__isnull", False),
                                ("step", "TAKEN_IN"),
                            ),
                            models.Q(
                                ("due_at__isnull", False),
                                ("planned_for__isnull", False),
                                ("rank__isnull", False),
                                ("step", "PLANNED"),
                            ),
                            models.Q(
                                ("due_at__isnull", True),
                                ("planned_for__isnull", True),
                                ("rank__isnull", True),
                                ("step__in", ["DECLINED", "DONE"]),
                            ),
                            _connector="OR",
                        ),
                        name="improvement_step_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("redacted_at__isnull", True), ("redacted_by__isnull", True)),
                            models.Q(("redacted_at__isnull", False), ("redacted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="improvement_redaction_pair",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImprovementCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined_at", models.DateTimeField()),
                (
                    "improvement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="improvements.improvement"
                    ),
                ),
                (
                    "joined_by",
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
                "constraints": [models.UniqueConstraint(fields=("ticket",), name="improvement_of_a_case")],
            },
        ),
        migrations.CreateModel(
            name="ImprovementStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("TAKEN_IN", "Taken in"),
                            ("PLANNED", "Planned"),
                            ("DECLINED", "Declined"),
                            ("DONE", "Done"),
                        ],
                        max_length=10,
                    ),
                ),
                ("planned_for", models.DateField(null=True)),
                ("reason", models.TextField(default="")),
                ("decided_at", models.DateTimeField()),
                ("redacted_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "improvement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="improvements.improvement"
                    ),
                ),
                (
                    "redacted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("planned_for__isnull", False), ("step", "PLANNED")),
                            models.Q(("planned_for__isnull", True), ("step__in", ["TAKEN_IN", "DECLINED", "DONE"])),
                            _connector="OR",
                        ),
                        name="improvement_step_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("step", "DECLINED"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="improvement_declined_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("redacted_at__isnull", True), ("redacted_by__isnull", True)),
                            models.Q(("redacted_at__isnull", False), ("redacted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="improvement_step_redaction",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImprovementWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.message"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="words",
                        to="improvements.improvementstep",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("step", "person"), name="improvement_word_once")],
            },
        ),
    ]
