using System.CommandLine;

namespace SmartCity.Cli.Asking;

/// <summary>Options that more than one command takes.</summary>
internal static class CommonOptions
{
    private const string ServerVariable = "SMARTCITY_SERVER";
    private const string ServerDefault = "http://127.0.0.1:5081";
    private const int LimitDefault = 1_000;
    private const int LimitMax = 1_000_000;

    public static readonly Option<string> Server = new("--server")
    {
        Description = $"Where the server answers. Also from {ServerVariable}.",
        HelpName = "url",
        Recursive = true,
        DefaultValueFactory = _ =>
            Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } address ? address : ServerDefault,
    };

    public static readonly Option<OutputFormat> Output = Everywhere(
        Words.One<OutputFormat>("--output", "How to write the answer, if not as a table for people"));

    public static readonly Option<string> TimeZone = new("--time-zone")
    {
        Description = "Whose calendar and clock to use.",
        HelpName = "zone",
        Recursive = true,
        DefaultValueFactory = _ => "Asia/Shanghai",
    };

    public static readonly Option<string?> AsOf = new("--as-of")
    {
        Description = "Answer as it was known then. Default: now.",
        HelpName = "time",
    };

    public static readonly Option<int> Limit = Numbers.Count("--limit", "The most rows to fetch.", LimitDefault, LimitMax);

    private static Option<T> Everywhere<T>(Option<T> option)
    {
        option.Recursive = true;
        option.Aliases.Add("-o");
        return option;
    }

    /// <summary>An option that says yes; it takes no value.</summary>
    public static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>An option for any number of ids, separated by spaces or commas.</summary>
    public static Option<string[]> Ids(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ids",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
        CustomParser = result => [.. result.Tokens
            .SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
    };
}
