#nullable enable

using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace SmartCity.Storage.Registry.Migrations;

/// <summary>What a migration says once for SQLite and PostgreSQL. Columns name no type: each database takes its own for the type in
/// C#.</summary>
internal static class BothDatabases
{
    /// <summary>The collation of every column of text: by code point, whatever language the server speaks, which is how SQLite
    /// compares by itself.</summary>
    public static string? Ordinal(this Migration migration) =>
        migration.ActiveProvider == "Npgsql.EntityFrameworkCore.PostgreSQL" ? "C" : null;

    /// <summary>The database numbers the rows.</summary>
    public static OperationBuilder<AddColumnOperation> Numbered(this OperationBuilder<AddColumnOperation> column) => column
        .Annotation("Sqlite:Autoincrement", true)
        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn);
}
