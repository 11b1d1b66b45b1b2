[assembly: AssemblyFixture(typeof(SmartCity.Tests.EndToEnd.SharedInflux))]

namespace SmartCity.Tests.EndToEnd;

/// <summary>One InfluxDB for all tests that need databases of it; started by the first.</summary>
public sealed class SharedInflux : IAsyncDisposable
{
    private static readonly Lazy<Task<InfluxServer>> Started = new(() => InfluxServer.StartAsync());

    /// <summary>The server.</summary>
    public static Task<InfluxServer> ServerAsync() => Started.Value;

    public async ValueTask DisposeAsync()
    {
        if (Started.IsValueCreated && Started.Value.IsCompletedSuccessfully)
        {
            await (await Started.Value).DisposeAsync();
        }
    }
}
