using Microsoft.Extensions.Options;
using SmartCity.Domain.Registry;
using SmartCity.Storage.Registry;

namespace SmartCity.Server.Settings;

/// <summary>Tells a person, once everything is open, where to look and what to try.</summary>
internal sealed class Banner(
    Listeners listeners, ServerOptions server, RegistryStore registry, IOptions<MqttOptions> mqtt)
{
    /// <summary>What is said when the end begins.</summary>
    public const string Stopping = "Stopping: no new readings are taken; what was acknowledged is being stored.";

    private const string Cli = "dotnet run --project src/SmartCity.Cli --";

    /// <summary>The text.</summary>
    public string Text()
    {
        var where = listeners.Grpc.Port == 5081 ? "" : $" --server http://{listeners.Grpc}";
        List<string> lines =
        [
            "",
            server.Demo ? "SmartCity 智慧城市, demo district 船营区 (invented data)" : "SmartCity 智慧城市",
            $"  dashboard  http://{listeners.Web}",
            $"  gRPC       http://{listeners.Grpc}",
            $"  MQTT       {(listeners.Mqtt is { } own ? $"mqtt://{own}" : "no embedded broker")}{External()}",
            $"  data       {Path.GetFullPath(server.DataDirectory)}",
            .. Insecure(),
            .. registry.Problem.Length > 0 ? [$"  WARNING    {registry.Problem}"] : Array.Empty<string>(),
            .. server.Demo || !registry.Opened.IsCompleted || HasAssets(registry.Current) ? Try(where) : First(where),
            "Ctrl-C stops.",
            "",
        ];
        return string.Join(Environment.NewLine, lines);
    }

    private static bool HasAssets(RegistrySnapshot known) => known.Piles.Any() || known.Trucks.Any() || known.Points.Any();

    private static string[] Try(string where) =>
    [
        "Try in another terminal (with --demo once the simulator said that its days are back-filled):",
        $"  {Cli} ports{where}",
        $"  {Cli} utilization{where}",
        $"  {Cli} compliance{where}",
    ];

    private static string[] First(string where) =>
    [
        "The registry is empty: readings are kept aside until their devices are known. Add the first pile, or try --demo:",
        $"  {Cli} assets import docs/examples/first-pile.json{where}",
        $"  {Cli} ingest{where}",
    ];

    private string External() => mqtt.Value.Broker.Length > 0 && BrokerAddress.TryParse(mqtt.Value.Broker, out var address, out _)
        ? $", reading from {address.Display}" : "";

    private string[] Insecure() => server.AllowInsecure
        ? ["  WARNING    AllowInsecure=true: whoever reaches these ports can read and write, unencrypted"]
        : [];
}
