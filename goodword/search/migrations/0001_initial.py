"""The index's own tables, and the words in the full-text table of whichever database this is."""

from django.db import migrations, models

_SQLITE = (
    # The words come folded and stemmed: the tokenizer only has to part them. `_` marks a stem, or stands between texts.
    "CREATE VIRTUAL TABLE search_words USING fts5("
    "words, prefix='2 3', tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
)
_POSTGRESQL = (
    "CREATE TABLE search_words (place bigint PRIMARY KEY, terms tsvector NOT NULL)",
    "CREATE INDEX search_words_terms ON search_words USING gin (terms)",
)


def make_words(apps, schema_editor):
    """Make the table of words."""
    for sql in _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else (_SQLITE,):
        schema_editor.execute(sql)


def drop_words(apps, schema_editor):
    """Take it away again."""
    schema_editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('place', models.BigIntegerField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('conversation', 'conversation'), ('person', 'person'), ('order', 'order')], max_length=12)),
                ('about', models.BigIntegerField(help_text='the id of its row')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'about'), name='search_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='Progress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.BigIntegerField(default=0, help_text='the last event of the journal that was followed')),
                ('making', models.CharField(blank=True, default='conversation', max_length=12)),
                ('made', models.BigIntegerField(default=0)),
                ('vendor', models.CharField(max_length=20)),
            ],
        ),
        migrations.RunPython(make_words, drop_words),
    ]
