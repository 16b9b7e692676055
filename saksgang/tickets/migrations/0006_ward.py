"""A ward's open cases, the newest change first, are read along an index: they stand beside every case."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_given")]

    operations = [
        migrations.RemoveIndex(model_name="ticket", name="ticket_department"),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["affected_department", "open", "changed_at"], name="ticket_ward"),
        ),
    ]
