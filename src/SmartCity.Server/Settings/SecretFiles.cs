using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace SmartCity.Server.Settings;

/// <summary>Settings that are files, as containers are given their secrets: <c>/run/secrets/Mqtt__Password</c> is the password, without
/// the line's end. The environment and the command line go before them.</summary>
internal static class SecretFiles
{
    /// <summary>The setting that names the folder.</summary>
    public const string Key = "SecretsDirectory";

    /// <summary>Where Docker and Podman put them.</summary>
    public const string Default = "/run/secrets";

    /// <summary>Adds them, when there are any. The framework's own reader opens every file, and what other programs keep there may be
    /// none of our business.</summary>
    public static ConfigurationManager AddSecretFiles(this ConfigurationManager configuration)
    {
        IList<IConfigurationSource> sources = configuration.Sources;
        var before = sources.TakeWhile(source => source is not EnvironmentVariablesConfigurationSource { Prefix: null or "" }).Count();
        sources.Insert(before, new MemoryConfigurationSource
        {
            InitialData = [.. Ours(configuration).Where(f => f.Problem is null).Select(f => KeyValuePair.Create(f.Key, f.Value))],
        });
        return configuration;
    }

    /// <summary>Which of them cannot be read.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration) =>
        configuration[Key] is { } named && !Directory.Exists(named)
            ? [$"{Key}: there is no folder {named}"]
            : Ours(configuration).Select(f => f.Problem).OfType<string>();

    private static IEnumerable<(string Key, string? Value, string? Problem)> Ours(IConfiguration configuration)
    {
        var folder = Path.GetFullPath(configuration[Key] ?? Default);
        return from file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : []
               let key = Path.GetFileName(file).Replace("__", ":", StringComparison.Ordinal)
               where SettingsCheck.IsOurs(key)
               let read = Read(file)
               select (key, read.Value, read.Problem);
    }

    private static (string? Value, string? Problem) Read(string file)
    {
        try
        {
            return (File.ReadAllText(file).TrimEnd('\r', '\n'), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"{file} is a setting and cannot be read: {e.Message} Let user {Environment.UserName} read it.");
        }
    }
}
