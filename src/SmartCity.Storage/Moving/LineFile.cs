using System.Text;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Moving;

/// <summary>Reads a file of line protocol that <see cref="MessageLines"/> wrote.</summary>
public static class LineFile
{
    private const int LineCharsMax = 1 << 20;

    /// <summary>Each message, or what is wrong, with the number of the line, from 1.</summary>
    public static IEnumerable<(long Line, TelemetryMessage? Message, string? Problem)> Read(string path)
    {
        using var text = new StreamReader(path, Encoding.UTF8);
        var reader = new LineMessages();
        var number = 0L;
        foreach (var line in Lines(text))
        {
            number++;
            var (message, problem) = Next(reader, line);
            if (message is not null || problem is not null)
            {
                yield return (number, message, problem);
            }
        }
        if (reader.IsOpen)
        {
            yield return (number, null, "the file ends within a message: it was cut short");
        }
    }

    private static (TelemetryMessage? Message, string? Problem) Next(LineMessages reader, string? line)
    {
        try
        {
            return line is null ? throw new FormatException("it is too long") : (reader.Next(line), null);
        }
        catch (FormatException e)
        {
            return (null, e.Message);
        }
    }

    // Null for one that is too long to be ours.
    private static IEnumerable<string?> Lines(StreamReader text)
    {
        var (block, line, isTooLong) = (new char[64 << 10], new StringBuilder(), false);
        while (text.Read(block) is > 0 and var count)
        {
            for (var (from, at) = (0, 0); from < count; from = at + 1)
            {
                at = Array.IndexOf(block, '\n', from, count - from);
                var end = at < 0 ? count : at;
                isTooLong |= line.Length + end - from > LineCharsMax;
                line.Append(block, from, isTooLong ? 0 : end - from);
                if (at < 0)
                {
                    break;
                }
                yield return isTooLong ? null : line.ToString().TrimEnd('\r');
                isTooLong = false;
                line.Clear();
            }
        }
        if (line.Length > 0)
        {
            yield return isTooLong ? null : line.ToString();
        }
    }
}
