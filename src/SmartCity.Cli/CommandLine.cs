using System.CommandLine;
using Grpc.Core;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Charging;
using SmartCity.Cli.Faults;
using SmartCity.Cli.Moving;
using SmartCity.Cli.Operations;
using SmartCity.Cli.Registry;
using SmartCity.Cli.Sanitation;

namespace SmartCity.Cli;

/// <summary>The whole program, on any two writers.</summary>
public static class CommandLine
{
    /// <summary>The answer was written.</summary>
    public const int Done = 0;

    /// <summary>The server refused, failed or could not be reached.</summary>
    public const int Failed = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Misused = 2;

    // An id that begins with @ is an id, and no file to read options from.
    private static readonly ParserConfiguration Grammar = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs one command on plain text, as when the output goes to a file.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(
        IReadOnlyList<string> args, TextWriter stdout, TextWriter stderr, CancellationToken cancellation) =>
        RunAsync(args, new Terminal(stdout, stderr, TimeProvider.System, Pretty: false, Width: null), cancellation);

    /// <summary>Runs one command.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            return await RunParsedAsync(Root(terminal).Parse(args, Grammar), terminal, cancellation);
        }
        // The edge of the process: whatever is wrong here, who typed a command gets a sentence.
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync(
                $"smartcity: This is a mistake in smartcity itself, please report it with what you typed. {e.GetType().Name}: {e.Message}");
            return Failed;
        }
    }

    private static async Task<int> RunParsedAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        if (parsed.Errors.Count > 0)
        {
            await terminal.Error.WriteLineAsync(Mistakes.Sentence(parsed));
            return Misused;
        }
        try
        {
            var streams = new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
            };
            return await parsed.InvokeAsync(streams, cancellation);
        }
        catch (UsageException e)
        {
            await terminal.Error.WriteLineAsync($"smartcity: {e.Message}");
            return Misused;
        }
        catch (RpcException e)
        {
            await terminal.Error.WriteLineAsync(Failures.Sentence(e, parsed));
            return Failed;
        }
    }

    internal static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand(
            """
            Asks a SmartCity server about charging piles and sanitation.

            Examples:
              smartcity ports --compound 220204-C01
              smartcity utilization --last 7d --group-by compound --bucket day
              smartcity compliance --date 2026-11-22 --group-by subdistrict
              smartcity obligations --verdict missed --last-date 2026-11-22
              smartcity explain point-001/2026-11-22/NOON
            """);
        root.Directives.Clear(); // Nobody is helped by [suggest:1], and it takes no odd number well.
        root.Add(CommonOptions.Server);
        root.Add(CommonOptions.Output);
        root.Add(CommonOptions.TimeZone);
        Command[] commands =
        [
            PortsCommand.Build(terminal), UtilizationCommand.Build(terminal), SessionsCommand.Build(terminal),
            TimelineCommand.Build(terminal), OverstaysCommand.Build(terminal), CapacityCommand.Build(terminal),
            FaultsCommand.Build(terminal), FaultCommand.Build(terminal), FaultStatsCommand.Build(terminal),
            IncidentsCommand.Build(terminal), MaintenanceCommand.Build(terminal),
            ComplianceCommand.Build(terminal), ObligationsCommand.Build(terminal), ExplainCommand.Build(terminal),
            AtRiskCommand.Build(terminal),
            ExceptionsCommand.Build(terminal), ConfirmCommand.Build(terminal),
            VisitsCommand.Build(terminal), TrucksCommand.Build(terminal),
            IngestCommand.Build(terminal), DeadLettersCommand.Build(terminal), ReceiptsCommand.Build(terminal),
            GapsCommand.Build(terminal),
            ExportCommand.Build(terminal), ImportCommand.Build(terminal), BackupCommand.Build(terminal), RestoreCommand.Build(terminal),
            AssetsCommand.Build(terminal), WatchCommand.Build(terminal),
        ];
        foreach (var command in commands)
        {
            root.Add(command);
        }
        ExampleCommand.ShowIn(root);
        return root;
    }
}
