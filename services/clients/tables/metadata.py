"""Where all read models of the service stand."""

import sqlalchemy as sa

metadata = sa.MetaData(schema="views")
