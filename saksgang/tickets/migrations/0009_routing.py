"""Which rule sent a case to its first team (T1), and how often teams have handed it over."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0005_routing"),
        ("tickets", "0008_category"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="handed_over_count",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="ticket",
            name="routing_rule",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="catalogue.routingrule"),
        ),
    ]
