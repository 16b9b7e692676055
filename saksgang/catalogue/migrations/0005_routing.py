"""Rules that say which team a new case goes to (T1). A rule is never rewritten: `former` is the row that it took the place of."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0004_category"),
        ("people", "0005_domains_in_letters"),
    ]

    operations = [
        migrations.CreateModel(
            name="RoutingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("active", models.BooleanField(default=True)),
                ("replaced_at", models.DateTimeField(null=True)),
                ("channel", models.CharField(default="", max_length=10)),
                ("sender", models.CharField(default="", max_length=254)),
                ("words", models.TextField(default="")),
                (
                    "category",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="catalogue.category"),
                ),
                (
                    "department",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="people.department"),
                ),
                (
                    "former",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successor",
                        to="catalogue.routingrule",
                    ),
                ),
                (
                    "mailbox",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="catalogue.mailbox"),
                ),
                (
                    "proposes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.category",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="catalogue.service"),
                ),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.team")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=["position", "id"],
                        name="routing_in_order",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mailbox__isnull", False),
                            models.Q(("channel", ""), _negated=True),
                            models.Q(("sender", ""), _negated=True),
                            ("department__isnull", False),
                            ("service__isnull", False),
                            ("category__isnull", False),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="routing_has_condition",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("replaced_at__isnull", True), ("active", False), _connector="OR"),
                        name="routing_replaced_rests",
                    ),
                ],
            },
        ),
    ]
