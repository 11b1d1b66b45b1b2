namespace SmartCity.Server.Settings;

/// <summary>The command line: settings as <c>--Section:Key=value</c>, and two switches.</summary>
internal static class ServerArguments
{
    /// <summary>Turns switches into settings and names what cannot be read.</summary>
    public static (string[] Settings, bool Help, IReadOnlyList<string> Problems) Read(IReadOnlyList<string> arguments)
    {
        var settings = new List<string>();
        var problems = new List<string>();
        var help = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument is "--help" or "-h" or "-?")
            {
                help = true;
            }
            else if (argument == "--demo")
            {
                settings.Add("--Demo=true");
            }
            else if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                problems.Add($"{argument}: settings are given as --Section:Key=value; `--help` lists them.");
            }
            else if (argument.Contains('=', StringComparison.Ordinal))
            {
                settings.Add(argument);
            }
            else if (i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                settings.Add($"{argument}={arguments[++i]}");
            }
            else
            {
                problems.Add($"{argument}: has no value; write {argument}=value.");
            }
        }
        return ([.. settings], help, problems);
    }
}
