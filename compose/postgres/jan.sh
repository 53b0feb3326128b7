#!/bin/sh
# Runs once, when api-db makes its database: the role that owns and migrates the schemas. The processes' roles are made
# by the migration.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$JAN_MIGRATION_PASSWORD" -U postgres <<'SQL'
CREATE ROLE jan_migration LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE jan OWNER jan_migration;
SQL
