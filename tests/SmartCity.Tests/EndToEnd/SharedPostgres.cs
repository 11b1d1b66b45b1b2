using SmartCity.Storage.Registry;

[assembly: AssemblyFixture(typeof(SmartCity.Tests.EndToEnd.SharedPostgres))]

namespace SmartCity.Tests.EndToEnd;

/// <summary>One PostgreSQL for all tests that need some database of it; started by the first.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> server = new(PostgresServer.StartAsync);
    private readonly Lazy<Task<string>> template;

    public SharedPostgres() => template = new Lazy<Task<string>>(MakeTemplateAsync);

    /// <summary>The server.</summary>
    public Task<PostgresServer> ServerAsync() => server.Value;

    /// <summary>A new database with the tables of the registry: how a server of ours names it.</summary>
    public async Task<string> RegistryAsync() => await (await ServerAsync()).CreateDatabaseAsync(await template.Value);

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated && server.Value.IsCompletedSuccessfully)
        {
            await (await server.Value).DisposeAsync();
        }
    }

    private async Task<string> MakeTemplateAsync()
    {
        var postgres = await ServerAsync();
        await postgres.ExecuteAsync("postgres", "CREATE DATABASE registry_template");
        using var store = RegistryStore.Open(postgres.ConnectionString("registry_template"), "", TimeProvider.System);
        await store.RefreshAsync(CancellationToken.None);
        return "registry_template";
    }
}
