import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("people", "0001_first"),
        ("people", "0002_sign_in_failures"),
        ("people", "0003_sign_in_known"),
        ("people", "0004_met_by_mail"),
        ("people", "0005_domains_in_letters"),
        ("people", "0006_written_down"),
        ("people", "0007_sections"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Department",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True)),
                ("sort_key", models.CharField(max_length=240)),
                ("folded", models.CharField(max_length=240)),
                ("phone", models.CharField(default="", max_length=30)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["sort_key"], name="department_sorted"),
                    models.Index(fields=["phone"], name="department_phone"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "Person"),
                            ("shared", "Shared mailbox or phone"),
                            ("supplier", "Supplier"),
                            ("system", "System"),
                        ],
                        default="person",
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("sort_key", models.CharField(max_length=400)),
                ("folded", models.CharField(max_length=600)),
                ("title", models.CharField(default="", max_length=120)),
                ("phone", models.CharField(default="", max_length=30)),
                (
                    "language",
                    models.CharField(
                        choices=[("nb", "Norsk bokmål"), ("nn", "Norsk nynorsk"), ("en", "English")],
                        default="nb",
                        max_length=2,
                    ),
                ),
                ("answer_via", models.CharField(default="", max_length=200)),
                ("external_id", models.CharField(max_length=200, null=True, unique=True)),
                ("active", models.BooleanField(default=True)),
                ("met_by_mail", models.BooleanField(default=False)),
                ("written_down", models.BooleanField(default=False)),
                (
                    "department",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="people.department"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["sort_key"], name="person_sorted"),
                    models.Index(fields=["department"], name="person_department"),
                    models.Index(fields=["phone"], name="person_phone"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="person_named")
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="absences", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first_day__lte", models.F("last_day"))), name="absence_in_order"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=254, unique=True)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="account", to="people.person"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=254, unique=True)),
                ("verified_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="addresses", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("address", ""), _negated=True), name="address_filled")
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInFailure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("name_hash", models.CharField(max_length=64)),
                ("address_hash", models.CharField(max_length=64)),
                ("known", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["name_hash", "at"], name="sign_in_failure_name"),
                    models.Index(fields=["address_hash", "at"], name="sign_in_failure_address"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address_hash", models.CharField(max_length=64)),
                ("seen_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["address_hash"], name="sign_in_place_address")],
                "constraints": [models.UniqueConstraint(fields=("account", "address_hash"), name="sign_in_place_once")],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("sort_key", models.CharField(max_length=160)),
                (
                    "kind",
                    models.CharField(
                        choices=[("ordinary", "Team"), ("triage", "Triage team of the managers")],
                        default="ordinary",
                        max_length=10,
                    ),
                ),
                (
                    "section",
                    models.CharField(choices=[("ikt", "ICT"), ("ehelse", "E-health")], default="", max_length=10),
                ),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("section__in", ["", "ikt", "ehelse"])), name="team_section_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="people.person"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="people.team"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "team"), name="membership_once")],
            },
        ),
    ]
