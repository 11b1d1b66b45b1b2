using Microsoft.Data.Sqlite;
using SmartCity.Storage.Registry;

namespace SmartCity.Tests.Registry;

/// <summary>In a file.</summary>
public sealed class RegistryStoreOnSqliteTests() : RegistryStoreContract(null)
{
    [Fact]
    public void A_migration_that_was_interrupted_does_not_keep_the_next_start_waiting()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File)!);
        using (var database = new SqliteConnection($"Data Source={folder.File};Pooling=False"))
        {
            database.Open();
            using var command = database.CreateCommand();
            command.CommandText = """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01');
                """;
            command.ExecuteNonQuery();
        }
        using var store = folder.Open();
        Assert.Empty(store.Current.Piles);
    }

    [Theory]
    [InlineData("Data Source=:memory:", "names no file")]
    [InlineData("Cache=Shared", "names no file")]
    [InlineData("Data Source=a.db;Mode=ReadOnly", "for reading only")]
    public void A_connection_string_that_cannot_be_used_is_told(string connectionString, string text) =>
        Assert.Contains(
            text, Assert.Throws<ArgumentException>(() => RegistryStore.Open(connectionString, folder.File, folder.Clock)).Message,
            StringComparison.Ordinal);
}
