using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Load;
using SmartCity.Simulator.Running;
using SmartCity.Simulator.Scoring;

namespace SmartCity.Simulator;

/// <summary>The command line.</summary>
internal static class Commands
{
    private const int BackfillDaysMax = 366;

    private static readonly Option<double> Speed = SharedOptions.Limited(
        new Option<double>("--speed")
        {
            Description = "Above 1: runs through the last 24 hours this much faster, then goes on in real time.",
            DefaultValueFactory = _ => 1,
        },
        1, 3600);

    private static readonly Option<string?> Truth = new("--truth")
    {
        Description = "A file to which what truly happened is added, a JSON object a line.",
    };

    public static RootCommand Root() => new("Simulated charging piles and sanitation trucks of a district, over MQTT.")
    {
        Demo(), Run(), Past(), ScoreCommand.Build(), LoadCommand.Build(), District(),
    };

    private static Command Demo()
    {
        var days = new Option<int>("--backfill")
        {
            Description = "Past days to send first, as 7d.", CustomParser = ParseDays, DefaultValueFactory = _ => 7,
        };
        var command = new Command("demo", "Imports the district, sends its past days, then lives on in real time.")
        {
            days, Speed,
        };
        return Simulating(
            command, (result, o) => o with { BackfillDays = result.GetValue(days), Speed = result.GetValue(Speed) });
    }

    private static Command Run() => Simulating(
        new Command("run", "Lives in real time.") { Speed }, (result, o) => o with { Speed = result.GetValue(Speed) });

    private static Command Past()
    {
        var days = SharedOptions.Limited(
            new Option<int>("--days") { Description = "How many days before today.", DefaultValueFactory = _ => 7 },
            1, BackfillDaysMax);
        var until = new Option<DateOnly?>("--until") { Description = "The date before which the days lie. Default: today." };
        var datedOnly = new Option<bool>("--dated-only")
        {
            Description = "Leaves out the days of devices that did not know the time: sent later, these seem to happen now.",
        };
        var command = new Command("backfill", "Sends past days and ends.") { days, until, datedOnly };
        return Simulating(command, (result, o) => o with
        {
            BackfillDays = result.GetValue(days), Live = false, DatedOnly = result.GetValue(datedOnly),
            BackfillUntil = result.GetValue(until) is { } date ? CityTime.DayOf(date) : null,
        });
    }

    private static Command District()
    {
        var output = new Option<FileInfo>("--out") { Description = "The file to write.", Required = true };
        var command = new Command("district", "Writes the demo district as a registry import.") { SharedOptions.Seed, output };
        command.SetAction((result, cancellation) => Living.GuardAsync(() => File.WriteAllBytesAsync(
            result.GetRequiredValue(output).FullName,
            DistrictJson.Write(DistrictBuilder.Build(result.GetValue(SharedOptions.Seed))), cancellation)));
        return command;
    }

    private static Command Simulating(Command command, Func<ParseResult, SimulationOptions, SimulationOptions> complete)
    {
        foreach (var option in new Option[]
        {
            SharedOptions.Mqtt, SharedOptions.User, SharedOptions.PasswordFile, SharedOptions.Grpc, SharedOptions.Seed, Truth,
            SharedOptions.UntilInputCloses,
        })
        {
            command.Add(option);
        }
        command.SetAction((result, cancellation) => Living.RunAsync(result, async stopping =>
        {
            var asked = new SimulationOptions(SharedOptions.BrokerOf(result), result.GetValue(SharedOptions.Seed))
            {
                Login = SharedOptions.LoginOf(result), Grpc = result.GetValue(SharedOptions.Grpc), TruthPath = result.GetValue(Truth),
            };
            await new Simulation(complete(result, asked), TimeProvider.System, Console.Out).RunAsync(stopping);
            return 0;
        }, cancellation));
        return command;
    }

    private static int ParseDays(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (int.TryParse(text.TrimEnd('d'), NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            && days <= BackfillDaysMax)
        {
            return days;
        }
        argument.AddError($"Give whole days, 0d to {BackfillDaysMax}d, not '{text}'.");
        return 0;
    }
}
