from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_sign_in_failures"),
    ]

    operations = [
        migrations.AddField(
            model_name="signinfailure",
            name="known",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="signinplace",
            index=models.Index(fields=["address_hash"], name="sign_in_place_address"),
        ),
    ]
