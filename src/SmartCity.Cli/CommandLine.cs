using System.CommandLine;
using Grpc.Core;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Charging;
using SmartCity.Cli.Faults;
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

    /// <summary>Runs one command on plain text, as when the output goes to a file.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(
        IReadOnlyList<string> args, TextWriter stdout, TextWriter stderr, CancellationToken cancellation) =>
        RunAsync(args, new Terminal(stdout, stderr, TimeProvider.System, Pretty: false, Width: null), cancellation);

    /// <summary>Runs one command.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellation)
    {
        var parsed = Root(terminal).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            var problems = string.Join("; ", parsed.Errors.Select(e => e.Message.TrimEnd('.')).Distinct());
            await terminal.Error.WriteLineAsync($"smartcity: {problems}. Try --help.");
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
            await terminal.Error.WriteLineAsync(Failures.Sentence(e, parsed.GetValue(CommonOptions.Server)!));
            return Failed;
        }
    }

    private static RootCommand Root(Terminal terminal)
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
