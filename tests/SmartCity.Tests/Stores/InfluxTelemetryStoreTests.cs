using SmartCity.Storage.Telemetry;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Stores;

/// <summary>The store's promises, kept with a real InfluxDB 1.6.7.</summary>
public sealed class InfluxTelemetryStoreTests : TelemetryStoreContract, IAsyncLifetime
{
    private string url = "";

    public async ValueTask InitializeAsync() => url = (await SharedInflux.ServerAsync()).Url;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override ITelemetryStore Make(TempDirectory directory) => InfluxStores.Make(url, directory);
}
