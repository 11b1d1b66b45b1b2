using System.CommandLine;
using System.Security.Cryptography;
using Google.Protobuf;
using SmartCity.Cli.Asking;

namespace SmartCity.Cli.Sanitation;

/// <summary>Who decides, and under which id that is recorded.</summary>
internal static class PersonOptions
{
    private const int IdBytes = 6;

    public static readonly Option<string> By = new("--by")
    {
        Description = "Who says so. There is no login: the name is believed.",
        HelpName = "name",
        Required = true,
    };

    public static readonly Option<string?> Note = new("--note") { Description = "What people should know about it.", HelpName = "text" };

    /// <summary>Of a decision that needs none.</summary>
    public static readonly Option<string?> Reason = new("--reason") { Description = "Why; people will ask.", HelpName = "text" };

    /// <summary>Of a decision that somebody will complain about.</summary>
    public static readonly Option<string> ReasonNeeded = new("--reason")
    {
        Description = "Why; people will ask.",
        HelpName = "text",
        Required = true,
    };

    /// <summary>The reason, whichever of the two options the command takes.</summary>
    public static string ReasonOf(Question question) => question.Given(ReasonNeeded) ?? question.Given(Reason) ?? "";

    public static readonly Option<string?> Id = new("--id")
    {
        Description = "The id to record it under. Default: made from the content, so typing the same twice records it once.",
        HelpName = "id",
    };

    /// <summary>An id that the same request always has.</summary>
    public static string IdOf(string prefix, IMessage request) =>
        $"{prefix}-{Convert.ToHexStringLower(SHA256.HashData(request.ToByteArray()).AsSpan(0, IdBytes))}";
}
