"""The roles of the database and what they may do, as SQL that can be carried out again and again."""

# btree_gist comes from the superuser: the application's roles may not create extensions.
SERVER = """
SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', name)
  FROM unnest(ARRAY['toegang_owner', 'toegang_app']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\\gexec
"""

# In template1 as well, so that a database made later (the test database) starts with the same rights.
DATABASE = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER SCHEMA public OWNER TO toegang_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO toegang_app;
ALTER DEFAULT PRIVILEGES FOR ROLE toegang_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO toegang_app;
ALTER DEFAULT PRIVILEGES FOR ROLE toegang_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO toegang_app;
"""

CREATE = """
SELECT 'CREATE DATABASE toegang OWNER toegang_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'toegang')
\\gexec
"""

# Only for a throw-away cluster: the test database is made by the role that will own its tables.
TEST_SERVER = "ALTER ROLE toegang_owner CREATEDB;"
