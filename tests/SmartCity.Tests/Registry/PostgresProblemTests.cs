using System.Diagnostics;
using SmartCity.Domain.Registry;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.EndToEnd;
using static SmartCity.Tests.Registry.Fixtures;

namespace SmartCity.Tests.Registry;

/// <summary>What is said when the registry's database cannot be used, and what goes on meanwhile.</summary>
public sealed class PostgresProblemTests(SharedPostgres postgres)
{
    private static readonly TimeSpan ToldWithin = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Port", "free", "Nobody listens for PostgreSQL at 127.0.0.1:")]
    [InlineData("Host", "no..host", "The name no..host leads nowhere")]
    [InlineData("Password", "wr0ng", "refuses the user 'city' with this password")]
    [InlineData("Password", "", "No password has been provided")]
    [InlineData("Username", "nobody", "refuses the user 'nobody' with this password")]
    [InlineData("Database", "nowhere", "has no database 'nowhere'")]
    [InlineData("SSL Mode", "Require", "offers no TLS, and SSL Mode in Registry:ConnectionString demands it")]
    public async Task What_is_mistyped_is_told_with_what_to_do_and_without_the_password(string key, string value, string text)
    {
        var server = await postgres.ServerAsync();
        value = value == "free" ? $"{FreePorts.Take(1)[0]}" : value;
        var since = Stopwatch.GetTimestamp();
        using var store = RegistryStore.Open($"{server.ConnectionString("postgres")};{key}={value}", "", TimeProvider.System);
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.RefreshAsync(Cancellation));

        Assert.Contains(text, store.Problem, StringComparison.Ordinal);
        Assert.Equal(store.Problem, refused.Message);
        Assert.DoesNotContain(PostgresServer.Password, store.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", store.Problem, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(since) < ToldWithin);
        Assert.False(store.Opened.IsCompleted);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_told_in_time()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var port = ((System.Net.IPEndPoint)silent.LocalEndpoint).Port;
        using var store = RegistryStore.Open($"Host=127.0.0.1;Port={port};Database=x;Username=x;Timeout=1", "", TimeProvider.System);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.RefreshAsync(Cancellation));
        Assert.Contains("does not answer in time", store.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_without_rights_is_told_which_and_how_to_give_them()
    {
        var server = await postgres.ServerAsync();
        var owner = await server.CreateDatabaseAsync();
        var database = new Npgsql.NpgsqlConnectionStringBuilder(owner).Database!;
        await server.ExecuteAsync("postgres", "CREATE ROLE guest LOGIN PASSWORD 'guest'");
        using var store = RegistryStore.Open($"{owner};Username=guest;Password=guest", "", TimeProvider.System);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.RefreshAsync(Cancellation));
        Assert.Contains("'guest' lacks a right", store.Problem, StringComparison.Ordinal);

        var advice = store.Problem[store.Problem.IndexOf("ALTER DATABASE", StringComparison.Ordinal)..].TrimEnd('.');
        await server.ExecuteAsync(database, advice);
        await store.RefreshAsync(Cancellation);
        Assert.Equal("", store.Problem);
        Assert.Empty(store.Current.Piles);
    }

    [Fact]
    public async Task A_database_with_the_tables_of_something_else_is_left_alone()
    {
        var server = await postgres.ServerAsync();
        var taken = await server.CreateDatabaseAsync();
        await server.ExecuteAsync(new Npgsql.NpgsqlConnectionStringBuilder(taken).Database!, "CREATE TABLE routes (x int)");
        using var store = RegistryStore.Open(taken, "", TimeProvider.System);
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.RefreshAsync(Cancellation));
        Assert.Contains("Give the registry a database of its own", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db;Database=city;Pasword=a", "Did you mean Password?")]
    [InlineData("Host=db;Database=city;Password=ab;9secret=x", "needs quotes")]
    [InlineData("Host=db;Database=city;Port=secret", "the value of port is none that it can have")]
    [InlineData("Host=db", "names no database")]
    [InlineData("Host=;Database=city", "names no file (Data Source) and no server (Host)")]
    [InlineData("Cache=Shared", "names no file (Data Source) and no server (Host)")]
    [InlineData("postgres://city:secret@db/city", "is not a list of 'name=value;'")]
    [InlineData("Data Source=a.db;secret=1", "has a part that SQLite does not know")]
    public void A_connection_string_that_cannot_be_used_is_told_without_its_secrets(string connectionString, string text)
    {
        var problem = RegistryStore.ProblemOf(connectionString);
        Assert.Contains(text, problem, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_database_is_away_what_is_known_stays_and_afterwards_all_goes_on()
    {
        await using var server = await PostgresServer.StartAsync();
        var connectionString = await server.CreateDatabaseAsync();
        await server.StopAsync();
        using var store = RegistryStore.Open(connectionString, "", TimeProvider.System);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.RefreshAsync(Cancellation));
        Assert.Throws<StoreUnavailableException>(() => store.Current);
        Assert.Throws<StoreUnavailableException>(() => store.Repairs.LastRecorded);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ImportAsync(AssetKind.Area, AreasCsv, default));

        await server.StartAgainAsync();
        await store.RefreshAsync(Cancellation);
        await store.ImportAsync(AssetKind.Area, AreasCsv, default);

        await server.StopAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.RefreshAsync(Cancellation));
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => store.ImportAsync(AssetKind.Pile, "id,compound_id,ports\np,jiangwan,1", default));
        Assert.Contains("Nobody listens", refused.Message, StringComparison.Ordinal);
        Assert.Equal(4, store.Current.Areas.Count);
        Assert.NotEqual("", store.Problem);

        await server.StartAgainAsync();
        await store.RefreshAsync(Cancellation);
        await server.HangAsync();
        var since = Stopwatch.GetTimestamp();
        refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.RefreshAsync(Cancellation));
        Assert.Contains("has not answered", refused.Message, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(since) < ToldWithin);
        await server.GoOnAsync();
        await TestServer.EventuallyAsync(async () => await HasRefreshedAsync(store), "it answers again");
        Assert.Equal(1, (await store.ImportAsync(AssetKind.Pile, "id,compound_id,ports\np,jiangwan,1", default)).Added);
        await store.RefreshAsync(Cancellation);
        Assert.Equal("", store.Problem);
    }

    private static async Task<bool> HasRefreshedAsync(RegistryStore store)
    {
        try
        {
            await store.RefreshAsync(Cancellation);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
