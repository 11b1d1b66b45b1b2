using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.FileProviders;

namespace SmartCity.Server.Settings;

/// <summary>Settings that are files, as containers are given their secrets: <c>/run/secrets/Mqtt__Password</c> is the password, without
/// the line's end. The environment and the command line go before them.</summary>
internal static class SecretFiles
{
    /// <summary>The setting that names the folder.</summary>
    public const string Key = "SecretsDirectory";

    /// <summary>Where Docker, Podman and Kubernetes put them.</summary>
    public const string Default = "/run/secrets";

    /// <summary>Adds them, when there are any.</summary>
    public static ConfigurationManager AddSecretFiles(this ConfigurationManager configuration)
    {
        var folder = Path.GetFullPath(configuration[Key] ?? Default);
        if (!Directory.Exists(folder))
        {
            return configuration;
        }
        IList<IConfigurationSource> sources = configuration.Sources;
        var environment = sources.TakeWhile(source => source is not EnvironmentVariablesConfigurationSource { Prefix: null or "" }).Count();
        sources.Insert(environment, new KeyPerFileConfigurationSource
        {
            FileProvider = new PhysicalFileProvider(folder),
            Optional = true,
            IgnoreCondition = name => !IsOurs(name) || ProblemOf(Path.Combine(folder, name)) is not null,
        });
        return configuration;
    }

    /// <summary>Which of them cannot be read.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration)
    {
        var folder = Path.GetFullPath(configuration[Key] ?? Default);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Where(file => IsOurs(Path.GetFileName(file))).Select(ProblemOf).OfType<string>()
            : configuration[Key] is null ? [] : [$"{Key}: there is no folder {folder}"];
    }

    // The folder may hold what is none of our business.
    private static bool IsOurs(string name) => SettingsCheck.IsOurs(name.Replace("__", ":", StringComparison.Ordinal));

    private static string? ProblemOf(string file)
    {
        try
        {
            using var readable = File.OpenRead(file);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{file} is a setting and cannot be read: {e.Message} Let user {Environment.UserName} read it.";
        }
    }
}
