using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using SmartCity.Simulator.Mqtt;
using SmartCity.Simulator.Running;

namespace SmartCity.Simulator;

/// <summary>What several commands are asked in the same words.</summary>
internal static class SharedOptions
{
    public static readonly Option<string> Mqtt = Checked(
        new Option<string>("--mqtt")
        {
            Description = "The MQTT broker, as host:port.", DefaultValueFactory = _ => "127.0.0.1:1883",
        },
        text => TryReadEndPoint(text, out _) ? null : $"Give the broker as host:port, for example 127.0.0.1:1883, not '{text}'.");

    public static readonly Option<string?> User = new("--user")
    {
        Description = "The account of all devices at the broker; its password is in --password-file.",
    };

    public static readonly Option<FileInfo?> PasswordFile = new("--password-file")
    {
        Description = "A file with the password of --user.",
    };

    public static readonly Option<Uri?> Grpc = new("--grpc")
    {
        Description = "The server's gRPC address, as http://127.0.0.1:5081: imports the district there and asks what is stored.",
        CustomParser = ParseUri,
    };

    public static readonly Option<int> Seed = new("--seed")
    {
        Description = "Another seed, another city.", DefaultValueFactory = _ => 1,
    };

    public static readonly Option<bool> UntilInputCloses = new("--until-stdin-closes")
    {
        Description = "Ends when standard input is closed.",
    };

    public static DnsEndPoint BrokerOf(ParseResult result) => TryReadEndPoint(result.GetRequiredValue(Mqtt), out var broker)
        ? broker
        : throw new SimulatorException("Give the broker as host:port.");

    /// <summary>Who all devices are at the broker; null when nobody said.</summary>
    public static MqttLogin? LoginOf(ParseResult result) => (result.GetValue(User), result.GetValue(PasswordFile)) switch
    {
        (null, null) => null,
        ({ } user, { Exists: true } file) => new MqttLogin(user, File.ReadAllText(file.FullName).TrimEnd('\r', '\n')),
        (null, _) => throw new SimulatorException("--password-file is the password of an account: give --user, too."),
        (_, var file) => throw new SimulatorException($"--user needs --password-file; there is no file '{file}'."),
    };

    public static Option<T> Limited<T>(Option<T> option, T least, T most)
        where T : IComparable<T> => Checked(option, value => value.CompareTo(least) < 0 || value.CompareTo(most) > 0
            ? $"{option.Name} is from {least} to {most}, not {value}."
            : null);

    private static Option<T> Checked<T>(Option<T> option, Func<T, string?> problem)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is { } value && problem(value) is { } error)
            {
                result.AddError(error);
            }
        });
        return option;
    }

    private static bool TryReadEndPoint(string text, [NotNullWhen(true)] out DnsEndPoint? broker)
    {
        const string scheme = "mqtt://";
        broker = null;
        text = text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? text[scheme.Length..] : text;
        var colon = text.LastIndexOf(':');
        if (colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            broker = new DnsEndPoint(text[..colon].Trim('[', ']'), port);
        }
        return broker is not null;
    }

    private static Uri? ParseUri(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        text = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            return uri;
        }
        argument.AddError($"Give the server as http://host:port, not '{text}'.");
        return null;
    }
}
