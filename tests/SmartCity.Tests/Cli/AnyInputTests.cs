using System.CommandLine;
using SmartCity.Cli;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Cli;

/// <summary>No command line, however odd, ends in anything but an answer or a sentence.</summary>
public sealed class AnyInputTests
{
    private static readonly string[] OddWords = ["abc", "0001-01-01", "9999-12-31T23:59:59-12:00", "25:00", "99999w", "91,181"];

    private static readonly string[] OddNumbers = ["abc", "", ",", "-1", "99999999999", "NaN", "1e999", "Unspecified"];

    [Fact]
    public async Task Every_option_takes_or_refuses_every_value_in_a_sentence()
    {
        await using var city = EveryCommandTests.Filled(await CannedCity.StartAsync());
        var (fault, work) = (new Fault(), new Maintenance { FromTime = Canned.Noon, RecordedTime = Canned.Noon });
        city.Answering<AcknowledgeFaultRequest>(new AcknowledgeFaultResponse { Fault = fault })
            .Answering<AssignFaultRequest>(new AssignFaultResponse { Fault = fault })
            .Answering<ResolveFaultRequest>(new ResolveFaultResponse { Fault = fault })
            .Answering<CloseFaultRequest>(new CloseFaultResponse { Fault = fault })
            .Answering<DeclareMaintenanceRequest>(new DeclareMaintenanceResponse { Maintenance = work })
            .Answering<CancelMaintenanceRequest>(new CancelMaintenanceResponse { Maintenance = work });
        var all = Commands("", CommandLine.Root(city.Terminal(TextWriter.Null, TextWriter.Null)));
        // Who watches does so for ever; its options are those of others.
        var tried = new HashSet<Option>();
        foreach (var (words, command) in all.Where(c => !c.Words.StartsWith(" watch", StringComparison.Ordinal)))
        {
            foreach (var option in command.Options.Where(o => o.ValueType != typeof(string[]) && tried.Add(o)))
            {
                foreach (var value in ValuesFor(option))
                {
                    await TryAsync(city, words, command, $"{option.Name}={value}");
                }
            }
            await TryAsync(city, words, command, "1e999");
        }
    }

    [Theory]
    [InlineData("[suggest:99999999999]")]
    [InlineData("[suggest:abc]", "ports")]
    [InlineData("[diagram]", "ports", "--limit", "abc")]
    [InlineData("@/")]
    [InlineData("@nowhere")]
    [InlineData("exceptions", "declare")]
    [InlineData("ports", "--output")]
    [InlineData("watch", "ports", "--updates", "abc")]
    [InlineData("watch", "ports", "--updates", "99999999999")]
    [InlineData("ports", "--output", "csv", "--output", "json")]
    [InlineData("faults", "--code")]
    [InlineData("--time-zone", "../../etc/passwd", "ports")]
    [InlineData("--server", "ftp://x", "ports")]
    [InlineData("--server", "http://x:99999", "ports")]
    public async Task So_does_what_is_no_command_at_all(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        _ = await CommandLine.RunAsync(args, output, error, TestContext.Current.CancellationToken);

        Told(error.ToString(), string.Join(' ', args));
    }

    // Names and notes may be anything; what is read as something has to be told from it.
    private static string[] ValuesFor(Option option) => option switch
    {
        { HelpName: "name" or "text" or "id" } => ["abc"],
        _ => option.ValueType == typeof(string) ? OddWords : OddNumbers,
    };

    private static IEnumerable<(string Words, Command Command)> Commands(string before, Command command) =>
        command.Subcommands.SelectMany(sub => Commands($"{before} {sub.Name}", sub))
            .Concat(command.Action is null ? [] : [(before, command)]);

    private static async Task TryAsync(CannedCity city, string words, Command command, string odd)
    {
        List<string> args = [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries), odd];
        args.AddRange(command.Options
            .Where(o => o.Required && !odd.StartsWith(o.Name + "=", StringComparison.Ordinal))
            .SelectMany(o => new[] { o.Name, o.Name switch { "--from" => "2026-11-22", "--until" => "2026-11-23", _ => "Li" } }));
        if (odd.StartsWith("--", StringComparison.Ordinal))
        {
            args.AddRange(command.Arguments.Where(a => a.Arity.MinimumNumberOfValues > 0).Select(a => a.Name == "kind" ? "cancel" : "x"));
        }
        var run = await city.RunAsync([.. args]).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Told(run.Error, string.Join(' ', args));
    }

    private static void Told(string error, string args)
    {
        Assert.False(error.Contains("mistake in smartcity", StringComparison.Ordinal), $"{args}: {error}");
        Assert.False(error.Contains("System.", StringComparison.Ordinal), $"{args}: {error}");
        Assert.False(error.Contains("   at ", StringComparison.Ordinal), $"{args}: {error}");
    }
}
