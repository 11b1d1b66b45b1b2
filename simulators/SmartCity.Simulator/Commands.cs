using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Grpc.Core;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Load;
using SmartCity.Simulator.Running;

namespace SmartCity.Simulator;

/// <summary>The command line.</summary>
internal static class Commands
{
    private const int Failed = 1, BackfillDaysMax = 366;
    private static readonly TimeProvider Clock = TimeProvider.System;

    private static readonly Option<string> Mqtt = Checked(
        new Option<string>("--mqtt")
        {
            Description = "The MQTT broker, as host:port.", DefaultValueFactory = _ => "127.0.0.1:1883",
        },
        text => TryReadEndPoint(text, out _) ? null : $"Give the broker as host:port, for example 127.0.0.1:1883, not '{text}'.");

    private static readonly Option<Uri?> Grpc = new("--grpc")
    {
        Description = "The server's gRPC address, as http://127.0.0.1:5000: imports the district there and asks what is stored.",
        CustomParser = ParseUri,
    };

    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Another seed, another city.", DefaultValueFactory = _ => 1,
    };

    private static readonly Option<double> Speed = Limited(
        new Option<double>("--speed")
        {
            Description = "Above 1: runs through the last 24 hours this much faster, then goes on in real time.",
            DefaultValueFactory = _ => 1,
        }, 1, 3600);

    private static readonly Option<string?> Truth = new("--truth")
    {
        Description = "A file to which what truly happened is added, a JSON object a line.",
    };

    private static readonly Option<int?> ParentPid = new("--parent-pid") { Description = "Ends when this process does." };

    private static readonly Option<bool> UntilInputCloses = new("--until-stdin-closes")
    {
        Description = "Ends when standard input is closed.",
    };

    public static RootCommand Root() => new("Simulated charging piles and sanitation trucks of a district, over real MQTT connections.")
    {
        Demo(), Run(), Past(), LoadCommand(), District(),
    };

    private static Command Demo()
    {
        var days = new Option<int>("--backfill")
        {
            Description = "Past days to send first, as 7d.", CustomParser = ParseDays, DefaultValueFactory = _ => 7,
        };
        var command = new Command("demo", "Imports the district, sends its past days, then lives on in real time.") { days };
        return Simulating(command, (result, options) => options with { BackfillDays = result.GetValue(days), Speed = result.GetValue(Speed) }, Speed);
    }

    private static Command Run() => Simulating(
        new Command("run", "Lives in real time."), (result, options) => options with { Speed = result.GetValue(Speed) }, Speed);

    private static Command Past()
    {
        var days = Limited(new Option<int>("--days") { Description = "How many days before today.", DefaultValueFactory = _ => 7 }, 1, BackfillDaysMax);
        var command = new Command("backfill", "Sends past days and ends.") { days };
        return Simulating(command, (result, options) => options with { BackfillDays = result.GetValue(days), Live = false });
    }

    private static Command District()
    {
        var output = new Option<FileInfo>("--out") { Description = "The file to write.", Required = true };
        var command = new Command("district", "Writes the demo district as a registry import.") { Seed, output };
        command.SetAction(async (result, cancellation) =>
        {
            var plan = DistrictBuilder.Build(result.GetValue(Seed));
            var file = result.GetRequiredValue(output);
            return await GuardAsync(() => File.WriteAllBytesAsync(file.FullName, DistrictJson.Write(plan), cancellation));
        });
        return command;
    }

    private static Command LoadCommand()
    {
        var connections = Limited(new Option<int>("--connections") { Description = "Devices.", DefaultValueFactory = _ => 1000 }, 1, LoadOptions.ConnectionsMax);
        var rate = Limited(new Option<double>("--rate") { Description = "Messages a second in all; 0: as fast as they are acknowledged." }, 0, 10_000_000);
        var seconds = Limited(new Option<double>("--seconds") { Description = "How long.", DefaultValueFactory = _ => 10 }, 0.1, 1_000_000);
        var payload = new Option<PayloadFormat>("--payload") { Description = "json or protobuf." };
        var qos = Limited(new Option<int>("--qos") { Description = "0 or 1.", DefaultValueFactory = _ => 1 }, 0, 1);
        var records = Limited(new Option<int>("--records") { Description = "Records a message.", DefaultValueFactory = _ => 1 }, 1, LoadOptions.RecordsMax);
        var window = Limited(new Option<int>("--window") { Description = "Messages unacknowledged a device.", DefaultValueFactory = _ => 1 }, 1, LoadOptions.WindowMax);
        var ledger = new Option<string?>("--ledger") { Description = "A file to which device,boot,seq,acked is added for each acknowledged message." };
        var untilStopped = new Option<bool>("--until-stopped") { Description = "Goes on until Ctrl-C, also over restarts of the server." };
        var command = new Command("load", "Sends as hard as it may and tells what came of it. Exit code 1: something was not acknowledged.")
        {
            Mqtt, Grpc, Seed, ParentPid, UntilInputCloses, connections, rate, seconds, payload, qos, records, window, ledger, untilStopped,
        };
        command.SetAction((result, cancellation) => LivingAsync(result, async stopping =>
        {
            if (result.GetValue(qos) == 0 && result.GetValue(rate) <= 0)
            {
                throw new SimulatorException("Nothing acknowledges QoS 0, so give a --rate.");
            }
            var came = await new LoadRun(
                new LoadOptions(BrokerOf(result))
                {
                    Grpc = result.GetValue(Grpc), Seed = result.GetValue(Seed), Connections = result.GetValue(connections),
                    Rate = result.GetValue(rate), Duration = TimeSpan.FromSeconds(result.GetValue(seconds)),
                    Payload = result.GetValue(payload), Qos = result.GetValue(qos), Records = result.GetValue(records),
                    Window = result.GetValue(window), LedgerPath = result.GetValue(ledger), UntilStopped = result.GetValue(untilStopped),
                },
                Clock).RunAsync(stopping);
            Console.WriteLine(came);
            return came.Sent > 0 && came.Acked == came.Sent ? 0 : Failed;
        }, cancellation));
        return command;
    }

    private static Command Simulating(
        Command command, Func<ParseResult, SimulationOptions, SimulationOptions> complete, params Option[] more)
    {
        foreach (var option in more.Concat([Mqtt, Grpc, Seed, Truth, ParentPid, UntilInputCloses]))
        {
            command.Add(option);
        }
        command.SetAction((result, cancellation) => LivingAsync(result, async stopping =>
        {
            var options = complete(result, new SimulationOptions(BrokerOf(result), result.GetValue(Seed))
            {
                Grpc = result.GetValue(Grpc), TruthPath = result.GetValue(Truth),
            });
            await new Simulation(options, Clock, Console.Out).RunAsync(stopping);
            return 0;
        }, cancellation));
        return command;
    }

    /// <summary>Works until it is done, Ctrl-C is pressed, the parent dies or the input closes: all of these end well.</summary>
    private static async Task<int> LivingAsync(
        ParseResult result, Func<CancellationToken, Task<int>> work, CancellationToken cancellation)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var code = 0;
        var working = GuardAsync(async () => code = await work(stopping.Token));
        var ends = new List<Task> { working };
        if (result.GetValue(ParentPid) is { } pid)
        {
            ends.Add(Lifetime.ParentGoneAsync(pid, Clock, stopping.Token));
        }
        if (result.GetValue(UntilInputCloses))
        {
            ends.Add(Lifetime.InputClosedAsync(Console.OpenStandardInput(), stopping.Token));
        }
        await Task.WhenAny(ends);
        await stopping.CancelAsync();
        var failed = await working;
        return failed == 0 ? code : failed;
    }

    // The edge: what a person can mend is said in a sentence.
    private static async Task<int> GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled)
        {
            return 0;
        }
        catch (RpcException e)
        {
            await Console.Error.WriteLineAsync($"The server answered {e.StatusCode}: {e.Status.Detail}");
            return Failed;
        }
        catch (Exception e) when (e is SimulatorException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failed;
        }
    }

    private static DnsEndPoint BrokerOf(ParseResult result) => TryReadEndPoint(result.GetRequiredValue(Mqtt), out var broker)
        ? broker
        : throw new SimulatorException("Give the broker as host:port.");

    private static bool TryReadEndPoint(string text, [NotNullWhen(true)] out DnsEndPoint? broker)
    {
        var colon = text.LastIndexOf(':');
        var reads = colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        broker = reads
            ? new DnsEndPoint(text[..colon].Trim('[', ']'), int.Parse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture))
            : null;
        return reads;
    }

    private static Uri? ParseUri(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            return uri;
        }
        argument.AddError($"Give the server as http://host:port, not '{text}'.");
        return null;
    }

    private static int ParseDays(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value.TrimEnd('d');
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= BackfillDaysMax)
        {
            return days;
        }
        argument.AddError($"Give whole days, 0d to {BackfillDaysMax}d, not '{argument.Tokens[0].Value}'.");
        return 0;
    }

    private static Option<T> Limited<T>(Option<T> option, T least, T most)
        where T : IComparable<T> => Checked(option, value => value.CompareTo(least) < 0 || value.CompareTo(most) > 0
            ? $"{option.Name} is from {least} to {most}, not {value}."
            : null);

    private static Option<T> Checked<T>(Option<T> option, Func<T, string?> problem)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is { } value && problem(value) is { } error)
            {
                result.AddError(error);
            }
        });
        return option;
    }
}
