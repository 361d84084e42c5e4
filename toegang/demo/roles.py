"""The roles of the database and what they may do, as SQL that can be carried out again and again."""

# btree_gist comes from the superuser: the application's roles may not create extensions.
# The application's login may stand as task or report, but is neither by itself.
SERVER = """
SELECT format('CREATE ROLE %I %s NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', name, login)
  FROM (VALUES ('toegang_owner', 'LOGIN'), ('toegang_app', 'LOGIN NOINHERIT'),
               ('toegang_task', 'NOLOGIN'), ('toegang_report', 'NOLOGIN')) AS wanted (name, login)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\\gexec
ALTER ROLE toegang_app NOINHERIT;
GRANT toegang_task, toegang_report TO toegang_app;
"""

# In template1 as well, so that a database made later (the test database) starts with the same rights.
DATABASE = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER SCHEMA public OWNER TO toegang_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO toegang_app, toegang_task, toegang_report;
ALTER DEFAULT PRIVILEGES FOR ROLE toegang_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO toegang_app, toegang_task;
ALTER DEFAULT PRIVILEGES FOR ROLE toegang_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO toegang_app, toegang_task;
"""

CREATE = """
SELECT 'CREATE DATABASE toegang OWNER toegang_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'toegang')
\\gexec
"""

# Only for a throw-away cluster: the test database is made by the role that will own its tables.
TEST_SERVER = "ALTER ROLE toegang_owner CREATEDB;"
