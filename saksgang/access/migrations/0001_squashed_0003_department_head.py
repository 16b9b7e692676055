import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("access", "0001_first"), ("access", "0002_triage_manager"), ("access", "0003_department_head")]

    initial = True

    dependencies = [
        ("people", "0001_squashed_0007_sections"),
    ]

    operations = [
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("agent", "Agent"),
                            ("team_leader", "Team leader"),
                            ("dispatcher", "Dispatcher"),
                            ("triage_manager", "Triage manager"),
                            ("department_head", "Department head"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "section",
                    models.CharField(choices=[("ikt", "ICT"), ("ehelse", "E-health")], default="", max_length=10),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="people.person"
                    ),
                ),
                ("team", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="people.team")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("role", "department_head"), ("section__in", ["ikt", "ehelse"]), ("team__isnull", True)
                            ),
                            models.Q(models.Q(("role", "department_head"), _negated=True), ("section", "")),
                            _connector="OR",
                        ),
                        name="grant_head_of_section",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("section", ""), _negated=True), fields=("section",), name="grant_one_head"
                    ),
                    models.UniqueConstraint(fields=("person", "role", "team"), name="grant_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("team__isnull", True)),
                        fields=("person", "role"),
                        name="grant_once_everywhere",
                    ),
                ],
            },
        ),
    ]
