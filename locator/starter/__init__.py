"""Starting a county from an OSM extract: what is there is taken, what is lacking is said.

``init`` leads: ``source`` opens the extract, ``boundaries`` and ``outline`` say which ground is
meant, ``extract`` reads its places, ``clip`` cuts its streets, ``facts`` (with ``where``) finds
name, country and time zone; ``stations``, ``sites`` and ``riders`` take from the places what
``offers`` says they offer (as ``found``); ``county_toml`` writes it down, ``report`` counts it,
and ``init_text`` puts it in ``words``. Later the county's own ledger comes: ``adopt`` leads,
``present`` reads the stations that there are, ``adopt_write`` and ``store`` keep the new ones,
``adopt_text`` and ``adopt_json`` tell.
"""
