using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Json;
using SmartCity.Server.Api.Charging;
using SmartCity.Server.Api.Sanitation;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Registry;

namespace SmartCity.Server.Settings;

/// <summary>Finds everything wrong with the settings before anything starts: a mistyped key must not become a default.</summary>
internal static class SettingsCheck
{
    private static readonly (string Section, Type[] Options)[] Sections =
    [
        ("Mqtt", [typeof(MqttOptions)]), ("Grpc", [typeof(GrpcOptions)]), ("Web", [typeof(WebOptions)]),
        ("Store", [typeof(StoreOptions), typeof(DuckDbOptions)]), ("Store:InfluxDb", [typeof(InfluxOptions)]),
        ("Store:Retention", [typeof(RetentionOptions)]),
        ("Registry", [typeof(RegistryOptions)]),
        ("Ingest", [typeof(IngestOptions)]), ("Telemetry", [typeof(TelemetryOptions)]), ("Journal", [typeof(JournalOptions)]),
        ("DeadLetters", [typeof(DeadLetterOptions)]), ("Charging", [typeof(ChargingOptions)]),
        ("Sanitation", [typeof(SanitationOptions)]),
    ];

    private static readonly (string Key, string Default)[] Top =
        [("DataDirectory", "./data"), ("Demo", "false"), ("AllowInsecure", "false"), (SecretFiles.Key, SecretFiles.Default)];

    // What the framework itself reads.
    private static readonly string[] Foreign =
        ["Logging", "AllowedHosts", "environment", "contentRoot", "applicationName", "urls", "DetailedErrors"];

    /// <summary>The keys a person may set, each with what holds without it.</summary>
    public static IReadOnlyList<(string Key, string Default)> Known { get; } =
    [
        .. Top,
        .. from section in Sections
           from options in section.Options
           let defaults = Activator.CreateInstance(options)
           from key in Keys(options)
           select ($"{section.Section}:{key.Name}", Convert.ToString(key.GetValue(defaults), CultureInfo.InvariantCulture)),
    ];

    /// <summary>The same for a person.</summary>
    public static string Help => string.Join(
        $"{Environment.NewLine}  ",
        [
            "Settings (and their defaults), as --Section:Key=value or in appsettings.json; --demo is --Demo=true:",
            .. Known.Select(k => $"{k.Key} ({k.Default})"),
        ]);

    /// <summary>All that is wrong, one sentence each; empty when the server may start.</summary>
    public static IReadOnlyList<string> Problems(IConfigurationRoot configuration) =>
    [
        .. UnknownRoots(configuration), .. TopProblems(configuration), .. SecretFiles.Problems(configuration),
        .. Sections.SelectMany(s => InSection(configuration, s.Section, s.Options)),
    ];

    /// <summary>Whether a key belongs to one of our sections, known or mistyped.</summary>
    public static bool IsOurs(string key) => Sections.Any(s => key.StartsWith(s.Section + ":", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a switch is on.</summary>
    public static bool IsTrue(string? value) => bool.TryParse(value, out var parsed) && parsed;

    private static PropertyInfo[] Keys(Type options) => options.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    // The environment is full of other people's variables; the file and the command line are only ours.
    private static IEnumerable<string> UnknownRoots(IConfigurationRoot configuration) => configuration.Providers
        .Where(p => p is CommandLineConfigurationProvider or JsonConfigurationProvider)
        .SelectMany(p => p.GetChildKeys([], null))
        .Distinct(StringComparer.OrdinalIgnoreCase)
        .Where(root => !Foreign.Concat(Sections.Select(s => s.Section)).Concat(Top.Select(t => t.Key))
            .Contains(root, StringComparer.OrdinalIgnoreCase))
        .Select(Unknown);

    private static string Unknown(string key) => EditDistance.Nearest(key, Known.Select(k => k.Key)) is { } meant
        ? $"{key}: there is no such setting. Did you mean {meant}?"
        : $"{key}: there is no such setting. `--help` lists all.";

    private static IEnumerable<string> TopProblems(IConfiguration configuration)
    {
        if (configuration["DataDirectory"] is { } directory && string.IsNullOrWhiteSpace(directory))
        {
            yield return "DataDirectory: '' is no folder; leave it out for ./data";
        }
        foreach (var key in (string[])["Demo", "AllowInsecure"])
        {
            if (configuration[key] is { } value && !bool.TryParse(value, out _))
            {
                yield return $"{key}: '{value}' is not true or false";
            }
        }
    }

    private static IEnumerable<string> InSection(IConfiguration configuration, string section, Type[] options)
    {
        var known = options.SelectMany(Keys).Select(k => k.Name)
            .Concat(Sections.Select(s => s.Section).Where(s => s.StartsWith(section + ":", StringComparison.Ordinal))
                .Select(s => s[(section.Length + 1)..]))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return configuration.GetSection(section).GetChildren().Where(child => !known.Contains(child.Key))
            .Select(child => Unknown($"{section}:{child.Key}"))
            .Concat(options.SelectMany(o => InOptions(configuration, section, o)));
    }

    private static IEnumerable<string> InOptions(IConfiguration configuration, string section, Type options)
    {
        var bound = Activator.CreateInstance(options)!;
        var known = Keys(options).ToDictionary(p => p.Name, StringComparer.Ordinal);
        foreach (var property in known.Values)
        {
            if (configuration[$"{section}:{property.Name}"] is { } value && !TrySet(bound, property, value, out var problem))
            {
                yield return $"{section}:{property.Name}: {problem}";
            }
        }
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(bound, new ValidationContext(bound), results, validateAllProperties: true);
        foreach (var result in results)
        {
            var key = result.MemberNames.FirstOrDefault();
            yield return $"{section}:{key}: '{known[key!].GetValue(bound)}': {result.ErrorMessage}";
        }
        foreach (var problem in OwnProblems(section, bound, configuration))
        {
            yield return problem;
        }
    }

    private static bool TrySet(object options, PropertyInfo property, string? value, out string? problem)
    {
        problem = null;
        try
        {
            property.SetValue(options, TypeDescriptor.GetConverter(property.PropertyType)
                .ConvertFromString(null, CultureInfo.InvariantCulture, value ?? ""));
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException)
        {
            var wanted = property.PropertyType switch
            {
                { IsEnum: true } words => string.Join(" or ", Enum.GetNames(words)),
                var type when type == typeof(double) => "a number",
                _ => "a whole number",
            };
            problem = $"'{value}' is not {wanted}";
            return false;
        }
    }

    private static IEnumerable<string> OwnProblems(string section, object options, IConfiguration configuration) => options switch
    {
        MqttOptions mqtt => [.. Listen(section, mqtt.Listen, configuration), .. BrokerSettings.Problems(mqtt)],
        GrpcOptions grpc => Listen(section, grpc.Listen, configuration),
        WebOptions web => Listen(section, web.Listen, configuration),
        RegistryOptions { ConnectionString: { Length: > 0 } text } when RegistryStore.ProblemOf(text) is { } problem => [problem],
        RetentionOptions retention => RetentionOptions.Problems(retention, LateDays(configuration)),
        InfluxOptions influx when InfluxOptions.ProblemOf(influx) is { } problem => [problem],
        _ => [],
    };

    // What is no number is told where it stands.
    private static int LateDays(IConfiguration configuration) =>
        int.TryParse(configuration[$"Telemetry:{nameof(TelemetryOptions.LateDays)}"], CultureInfo.InvariantCulture, out var days)
            ? days
            : new TelemetryOptions().LateDays;

    private static IEnumerable<string> Listen(string section, string text, IConfiguration configuration)
    {
        if (section == "Mqtt" && text.Length == 0)
        {
            yield break;
        }
        if (!ListenAddress.TryParse(text, out var endPoint))
        {
            yield return $"{section}:Listen: '{text}' is not an address with a port, such as 127.0.0.1:1883";
        }
        else if (!IsTrue(configuration["AllowInsecure"]) && !System.Net.IPAddress.IsLoopback(endPoint.Address))
        {
            yield return $"{section}:Listen: {text} would be reachable from other machines, unencrypted. Listen on 127.0.0.1 "
                + $"behind a TLS proxy, or accept the risk with AllowInsecure=true";
        }
    }
}
