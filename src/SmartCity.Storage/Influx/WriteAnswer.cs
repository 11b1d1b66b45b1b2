using System.Text.Json;

namespace SmartCity.Storage.Influx;

/// <summary>Reads what each version of InfluxDB, or something on the way to it, answers to a write.</summary>
internal static class WriteAnswer
{
    private const int DetailCharsMax = 400;

    // So begins an error whose end was not read because it is long.
    private const string CutError = "{\"error\":\"";

    // A line is not at fault when the database has no room for another series, column or table: a person can make room.
    private static readonly string[] NoRoom =
        ["max-series-per-database", "max-values-per-tag", "update to schema would exceed", "adding a new database would exceed"];

    private static readonly string[] Misdirected =
    [
        "authorization header was malformed", "db name", "database is required", "invalid precision",
        "retention policy not found",
    ];

    private static readonly string[] Content =
    [
        "parse", "partial write", "line protocol", "type conflict", "invalid column type", "beyond retention",
        "outside retention",
    ];

    // Where a 500 says so, there is too much to do, or too little room on disk.
    private static readonly string[] Server =
        ["cache-max-memory-size", "timeout", "timed out", "engine", "shard", "wal file", "disk", "no space", "memory", "closed"];

    /// <summary>The class of an answer.</summary>
    /// <param name="body">Its beginning, as text.</param>
    /// <param name="retryAfter">What it says about when to come back.</param>
    public static WriteOutcome Classify(int status, string body, TimeSpan? retryAfter)
    {
        var detail = Detail(body, out var isJson);
        var says = BeforeQuotes(detail);
        var outcome = new WriteOutcome(WriteClass.Transient, status, detail) { RetryAfter = retryAfter };
        return status switch
        {
            204 => WriteOutcome.Stored,
            200 or 201 when body.Length == 0 => WriteOutcome.Stored,
            // Whoever says something here is no InfluxDB: taking it for a yes would lose the lines.
            < 400 => outcome with { Class = WriteClass.ConfigFault },
            400 or 422 => Refusal(outcome, says, body),
            413 => outcome with { Class = WriteClass.TooLarge, Detail = isJson ? detail : "the request is too large" },
            429 => outcome with { Class = WriteClass.Throttled },
            503 when retryAfter is not null => outcome with { Class = WriteClass.Throttled },
            500 when Has(says, Misdirected) => outcome with { Class = WriteClass.ConfigFault },
            500 => outcome with { BlamesServer = Has(says, Server) },
            408 or 499 or > 500 => outcome,
            _ => outcome with { Class = WriteClass.ConfigFault },
        };
    }

    /// <summary>What an answer says, in one short line.</summary>
    public static string Detail(string body) => Detail(body, out _);

    private static string Detail(string body, out bool isJson)
    {
        var text = Message(body);
        isJson = text is not null;
        text ??= body.StartsWith(CutError, StringComparison.Ordinal) ? body[CutError.Length..] : body;
        text = string.Concat(text.Select(one => char.IsControl(one) ? ' ' : one)); // It is shown on terminals.
        text = string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= DetailCharsMax ? text : text[..DetailCharsMax] + "...";
    }

    private static WriteOutcome Refusal(WriteOutcome outcome, string says, string body)
    {
        var (refused, isPartial) = Lines(body);
        if (Has(says, NoRoom) || Has(says, Misdirected) || refused.Any(line => Has(BeforeQuotes(line.Reason), NoRoom)))
        {
            return outcome with { Class = WriteClass.ConfigFault };
        }
        return outcome with
        {
            Class = isPartial || (refused.Count == 0 && Has(says, ["partial write:"]))
                ? WriteClass.PartialKept
                : WriteClass.RejectedAll,
            Refused = refused,
            BlamesContent = refused.Count > 0 || Has(says, Content),
            Detail = refused.Count > 0 ? refused[0].Reason : outcome.Detail,
        };
    }

    // What comes after may be a device's own words, and those decide nothing.
    private static string BeforeQuotes(string detail) =>
        detail.IndexOfAny(['\'', '"', '=', '`']) is >= 0 and var end ? detail[..end] : detail;

    private static bool Has(string text, string[] marks) =>
        Array.Exists(marks, mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase));

    // {"error":...} of 1.x and 3.x, {"code":...,"message":...} of 2.x.
    private static string? Message(string body)
    {
        using var json = Parse(body);
        return json is null ? null : Text(json.RootElement, "error") ?? Text(json.RootElement, "message");
    }

    // 3.x: an array when the other lines are stored, a single object when nothing is.
    private static (IReadOnlyList<RefusedLine> Refused, bool IsPartial) Lines(string body)
    {
        using var json = Parse(body);
        if (json is null || !json.RootElement.TryGetProperty("data", out var data))
        {
            return ([], false);
        }
        return data.ValueKind switch
        {
            JsonValueKind.Array => ([.. data.EnumerateArray().Select(Line)], true),
            JsonValueKind.Object => ([Line(data)], false),
            _ => ([], false),
        };
    }

    private static RefusedLine Line(JsonElement element)
    {
        var line = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("line_number", out var number)
            && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var counted) ? counted - 1 : -1;
        return new RefusedLine(line, Text(element, "error_message") ?? "the database gives no reason");
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var text)
        && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static JsonDocument? Parse(string body)
    {
        try
        {
            var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                return json;
            }
            json.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null; // A proxy's page, or a body that was cut: its text says what there is to say.
        }
    }
}
