using System.CommandLine;
using SmartCity.Simulator.Running;

namespace SmartCity.Simulator.Load;

/// <summary>The <c>load</c> command.</summary>
internal static class LoadCommand
{
    private static readonly Option<int> Connections = SharedOptions.Limited(
        new Option<int>("--connections") { Description = "Devices.", DefaultValueFactory = _ => 1000 },
        1, LoadOptions.ConnectionsMax);

    private static readonly Option<double> Rate = SharedOptions.Limited(
        new Option<double>("--rate") { Description = "Messages a second in all; 0: as fast as they are acknowledged." },
        0, 10_000_000);

    private static readonly Option<double> Seconds = SharedOptions.Limited(
        new Option<double>("--seconds") { Description = "How long.", DefaultValueFactory = _ => 10 }, 0.1, 1_000_000);

    private static readonly Option<PayloadFormat> Payload = new("--payload") { Description = "json or protobuf." };

    private static readonly Option<int> Qos = SharedOptions.Limited(
        new Option<int>("--qos") { Description = "0 or 1.", DefaultValueFactory = _ => 1 }, 0, 1);

    private static readonly Option<int> Records = SharedOptions.Limited(
        new Option<int>("--records") { Description = "Records a message.", DefaultValueFactory = _ => 1 },
        1, LoadOptions.RecordsMax);

    private static readonly Option<int> Window = SharedOptions.Limited(
        new Option<int>("--window") { Description = "Messages a device may have unacknowledged.", DefaultValueFactory = _ => 1 },
        1, LoadOptions.WindowMax);

    private static readonly Option<string?> Ledger = new("--ledger")
    {
        Description = "A file to which device,boot,seq,acked is added for each acknowledged message.",
    };

    private static readonly Option<bool> UntilStopped = new("--until-stopped")
    {
        Description = "Goes on until Ctrl-C, also over restarts of the server.",
    };

    private static readonly Option<int> BadEvery = new("--bad-every")
    {
        Description = "Every so many messages of a device one names a port that no pile has; 0: none does.",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "The result as one line of JSON." };

    public static Command Build()
    {
        var command = new Command(
            "load", "Sends as hard as it may and tells what came of it. Exit code 1: something was not acknowledged.")
        {
            SharedOptions.Mqtt, SharedOptions.Grpc, SharedOptions.Seed, SharedOptions.UntilInputCloses,
            Connections, Rate, Seconds, Payload, Qos, Records, Window, Ledger, UntilStopped, BadEvery, Json,
        };
        command.SetAction((result, cancellation) => Living.RunAsync(
            result, stopping => RunAsync(OptionsOf(result), result.GetValue(Json), stopping), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(LoadOptions options, bool json, CancellationToken stopping)
    {
        if (options is { Qos: 0, Rate: <= 0 })
        {
            throw new SimulatorException("Nothing acknowledges QoS 0, so give a --rate.");
        }
        var came = await new LoadRun(options, TimeProvider.System).RunAsync(stopping);
        Console.WriteLine(json ? came.ToJson() : came.ToString());
        return came.Sent > 0 && came.Acked == came.Sent ? 0 : Living.Failed;
    }

    private static LoadOptions OptionsOf(ParseResult result) => new(SharedOptions.BrokerOf(result))
    {
        Grpc = result.GetValue(SharedOptions.Grpc),
        Seed = result.GetValue(SharedOptions.Seed),
        Connections = result.GetValue(Connections),
        Rate = result.GetValue(Rate),
        Duration = TimeSpan.FromSeconds(result.GetValue(Seconds)),
        Payload = result.GetValue(Payload),
        Qos = result.GetValue(Qos),
        Records = result.GetValue(Records),
        Window = result.GetValue(Window),
        LedgerPath = result.GetValue(Ledger),
        UntilStopped = result.GetValue(UntilStopped),
        BadEvery = result.GetValue(BadEvery),
    };
}
