using Google.Protobuf;

namespace SmartCity.Cli.Showing;

/// <summary>Messages as proto3 JSON, numbers that are 0 included.</summary>
internal static class JsonText
{
    private static readonly JsonFormatter.Settings Settings = JsonFormatter.Settings.Default.WithFormatDefaultValues(true);
    private static readonly JsonFormatter OneLine = new(Settings);
    private static readonly JsonFormatter ManyLines = new(Settings.WithIndentation("  "));

    public static string Line(IMessage message) => OneLine.Format(message);

    public static string Lines(IMessage message) => ManyLines.Format(message);
}
