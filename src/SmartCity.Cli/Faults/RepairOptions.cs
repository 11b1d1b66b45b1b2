using System.CommandLine;
using SmartCity.Cli.Asking;

namespace SmartCity.Cli.Faults;

/// <summary>Who acts and why, in the commands of the repair loop.</summary>
internal static class RepairOptions
{
    public static readonly Option<string?> By = new("--by")
    {
        Description = "Who does this. Nobody logs in yet, so it has to be said.",
        HelpName = "name",
    };

    public static readonly Option<string?> Note = new("--note") { Description = "What else there is to say.", HelpName = "text" };

    public static readonly Option<string?> Reason = new("--reason") { Description = "Why.", HelpName = "text" };

    public static readonly Option<string?> RequestId = new("--request-id")
    {
        Description = "An id of your own: the same command sent again does nothing twice.",
        HelpName = "id",
    };

    /// <summary>An option that this command cannot do without.</summary>
    public static string Needed(this Question question, Option<string?> option, string example) => question.Get(option) is
    { Length: > 0 } text
        ? text
        : throw new UsageException($"{option.Name} is needed, as {option.Name} {example}.");
}
