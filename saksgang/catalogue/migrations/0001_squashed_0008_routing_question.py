import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("catalogue", "0001_first"),
        ("catalogue", "0002_mail_proven"),
        ("catalogue", "0003_forwarder_authserv_id"),
        ("catalogue", "0004_category"),
        ("catalogue", "0005_routing"),
        ("catalogue", "0006_meetings"),
        ("catalogue", "0007_medical_device"),
        ("catalogue", "0008_routing_question"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_squashed_0007_sections"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField(unique=True)),
                ("place", models.CharField(default="", max_length=120)),
                ("called_off", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="OnCallList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty", models.CharField(choices=[("triage", "Manager of the day")], max_length=20, unique=True)),
                ("name", models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name="StateLabel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=30, unique=True)),
                ("label_nb", models.CharField(max_length=60)),
                ("label_nn", models.CharField(default="", max_length=60)),
                ("label_en", models.CharField(default="", max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Supplier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True)),
                ("sort_key", models.CharField(max_length=240)),
                ("address", models.CharField(default="", max_length=254)),
                ("domains", models.JSONField(default=list)),
                ("active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("address", models.CharField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("active", models.BooleanField(default=True)),
                ("added_at", models.DateTimeField(null=True)),
                (
                    "forwarding",
                    models.CharField(
                        choices=[
                            ("direct", "Not forwarded"),
                            ("redirect", "Redirected: the sender is kept"),
                            ("forward", "Forwarded: the forwarder stands as sender"),
                        ],
                        default="direct",
                        max_length=10,
                    ),
                ),
                ("forwarder", models.CharField(default="", max_length=254)),
                ("forwarder_authserv_id", models.CharField(default="", max_length=253)),
                ("ignored_headers", models.JSONField(default=list)),
                ("tagged_returns", models.BooleanField(default=True)),
                ("silent_after_minutes", models.PositiveIntegerField(default=900)),
                ("heartbeat_minutes", models.PositiveSmallIntegerField(default=0)),
                ("urgent_phone", models.CharField(default="", max_length=30)),
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.team")),
            ],
        ),
        migrations.CreateModel(
            name="ImapDoor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("host", models.CharField(max_length=254)),
                ("port", models.PositiveIntegerField(default=993)),
                (
                    "security",
                    models.CharField(
                        choices=[("tls", "TLS"), ("starttls", "STARTTLS"), ("plain", "None (loopback only)")],
                        default="tls",
                        max_length=10,
                    ),
                ),
                ("user", models.CharField(max_length=254)),
                (
                    "sign_in",
                    models.CharField(
                        choices=[("password", "Password"), ("xoauth2", "XOAUTH2")], default="password", max_length=10
                    ),
                ),
                ("sealed_secret", models.TextField(default="")),
                ("token_url", models.CharField(default="", max_length=500)),
                ("client_id", models.CharField(default="", max_length=200)),
                ("scope", models.CharField(default="", max_length=500)),
                ("folder", models.CharField(default="INBOX", max_length=200)),
                ("kept_folder", models.CharField(default="Saksgang/Lagret", max_length=200)),
                ("idle", models.BooleanField(default=True)),
                ("poll_seconds", models.PositiveIntegerField(default=60)),
                ("active", models.BooleanField(default=True)),
                (
                    "mailbox",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="imap", to="catalogue.mailbox"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MailText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                (
                    "language",
                    models.CharField(
                        choices=[("nb", "Norsk bokmål"), ("nn", "Norsk nynorsk"), ("en", "English")], max_length=2
                    ),
                ),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "language"), name="mail_text_once")],
            },
        ),
        migrations.CreateModel(
            name="PriorityCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("matrix", models.CharField(max_length=10)),
                ("impact", models.CharField(max_length=20)),
                (
                    "criticality",
                    models.CharField(
                        choices=[("critical", "Critical"), ("important", "Important"), ("ordinary", "Ordinary")],
                        max_length=10,
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("matrix", "impact", "criticality"), name="priority_cell_once"),
                    models.CheckConstraint(
                        condition=models.Q(("priority__gte", 1), ("priority__lte", 4)), name="priority_cell_range"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_nb", models.CharField(max_length=120, unique=True)),
                ("name_nn", models.CharField(default="", max_length=120)),
                ("name_en", models.CharField(default="", max_length=120)),
                ("sort_key", models.CharField(max_length=240)),
                (
                    "criticality",
                    models.CharField(
                        choices=[("critical", "Critical"), ("important", "Important"), ("ordinary", "Ordinary")],
                        max_length=10,
                    ),
                ),
                ("medical_device", models.BooleanField(default=False)),
                ("active", models.BooleanField(default=True)),
                ("owner_team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.team")),
            ],
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_nb", models.CharField(max_length=120, unique=True)),
                ("name_nn", models.CharField(default="", max_length=120)),
                ("name_en", models.CharField(default="", max_length=120)),
                ("words", models.JSONField(default=list)),
                ("sort_key", models.CharField(max_length=240)),
                (
                    "type",
                    models.CharField(
                        choices=[("INCIDENT", "Incident"), ("SERVICE_REQUEST", "Service request"), ("ORDER", "Order")],
                        max_length=20,
                    ),
                ),
                ("demands_proof", models.BooleanField(default=False)),
                ("narrow", models.BooleanField(default=False)),
                ("active", models.BooleanField(default=True)),
                ("service", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="catalogue.service")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("type__in", ["INCIDENT", "SERVICE_REQUEST", "ORDER"])),
                        name="category_says_type",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("outage", "Outage"), ("planned", "Planned downtime")], max_length=10),
                ),
                ("words", models.CharField(max_length=300)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "service",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="catalogue.service"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True),
                            models.Q(("ends_at__gte", models.F("starts_at")), ("ends_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="announcement_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecialDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True)),
                ("name", models.CharField(max_length=120)),
                ("opens", models.PositiveSmallIntegerField(null=True)),
                ("closes", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closes__isnull", True), ("opens__isnull", True)),
                            models.Q(
                                ("closes__isnull", False), ("opens__isnull", False), ("opens__lt", models.F("closes"))
                            ),
                            _connector="OR",
                        ),
                        name="special_day_hours_pair",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TargetTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=10)),
                ("step", models.CharField(max_length=10)),
                ("minutes", models.PositiveIntegerField(null=True)),
                ("days", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("level", "step"), name="target_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("days__isnull", False), ("minutes__isnull", True)),
                            models.Q(("days__isnull", True), ("minutes__isnull", False)),
                            _connector="OR",
                        ),
                        name="target_one_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamCalendar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.JSONField()),
                (
                    "team",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calendar", to="people.team"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OnCallDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "on_call_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="days", to="catalogue.oncalllist"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("on_call_list", "starts_at"), name="on_call_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="on_call_day_in_order"
                    ),
                ],
            },
        ),
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
                ("question", models.CharField(default="", max_length=300)),
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
                ("team", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.team")),
                (
                    "service",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="catalogue.service"),
                ),
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
