using System.CommandLine;

namespace SmartCity.Cli.Faults;

/// <summary>Who acts and why, in the commands of the repair loop.</summary>
internal static class RepairOptions
{
    public static readonly Option<string> By = new("--by")
    {
        Description = "Who does this. Nobody logs in yet, so it has to be said.",
        HelpName = "name",
        Required = true,
    };

    public static readonly Option<string?> Note = new("--note") { Description = "What else there is to say.", HelpName = "text" };

    public static readonly Option<string> Reason = new("--reason") { Description = "Why.", HelpName = "text", Required = true };

    public static readonly Option<string?> RequestId = new("--request-id")
    {
        Description = "An id of your own: the same command sent again does nothing twice.",
        HelpName = "id",
    };
}
