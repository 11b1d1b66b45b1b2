using System.Text;
using System.Text.Json;

namespace SmartCity.Storage.Influx;

/// <summary>Reads one object a row: {"iox::measurement":..,"time":..,tags and fields}. Nulls are left out, group tags are columns
/// like any other, and a series ends where they change.</summary>
internal sealed class V3AnswerParser(InfluxQuery query) : IAnswerParser
{
    private const string MeasurementName = "iox::measurement";
    private const int Ignored = -1;
    private const int Measurement = -2;
    private const int Failure = -3;

    // In the order in which the first rows named them, which the others nearly always keep.
    private readonly List<(byte[] Name, int Ordinal, bool IsTime)> properties = [];
    private (int Ordinal, bool IsTime) current = (Ignored, false);
    private int expected;
    private int skipDepth = -1;
    private bool isInRow;
    private bool isHandedOut;
    private bool isNextBegun;

    /// <inheritdoc/>
    public InfluxSeries Series { get; } = new(query.Columns, query.GroupTags);

    /// <inheritdoc/>
    public void Dispose() => Series.Dispose();

    /// <inheritdoc/>
    public bool Read(ref Utf8JsonReader json)
    {
        if (isHandedOut)
        {
            StartPiece();
        }
        while (json.Read())
        {
            if (skipDepth >= 0)
            {
                EndSkip(ref json);
            }
            else if (ReadToken(ref json))
            {
                return HandOut();
            }
        }
        return false;
    }

    /// <inheritdoc/>
    public bool End()
    {
        if (isInRow)
        {
            throw new JsonException("The answer ends in the middle.");
        }
        if (isHandedOut)
        {
            StartPiece();
        }
        return Series.Count > 0 && HandOut();
    }

    private bool HandOut()
    {
        Series.TakeTags();
        return isHandedOut = true;
    }

    private void StartPiece()
    {
        if (isNextBegun)
        {
            Series.KeepBegunRow();
        }
        else
        {
            Series.Clear();
        }
        (isHandedOut, isNextBegun) = (false, false);
    }

    // True when the piece is complete.
    private bool ReadToken(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject when !isInRow:
                Series.BeginRow();
                (isInRow, expected) = (true, 0);
                return false;
            case JsonTokenType.PropertyName:
                current = Property(ref json);
                return false;
            case JsonTokenType.EndObject:
                isInRow = false;
                return EndRow();
            default:
                ReadValue(ref json);
                return false;
        }
    }

    private bool EndRow()
    {
        if (Series.Count > 0 && !Series.ContinuesSeries())
        {
            isNextBegun = true;
            return true;
        }
        Series.EndRow();
        return Series.IsFull;
    }

    private void ReadValue(ref Utf8JsonReader json)
    {
        if (!isInRow)
        {
            throw new JsonException("A row is no JSON object.");
        }
        if (current.Ordinal == Failure)
        {
            throw new InfluxAnswerException(
                json.TokenType == JsonTokenType.String ? json.GetString()! : "an error without a reason");
        }
        if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && current.Ordinal < 0)
        {
            skipDepth = json.CurrentDepth;
        }
        else if (current.Ordinal >= 0 && current.IsTime && json.TokenType == JsonTokenType.String)
        {
            Series.Set(current.Ordinal, InfluxTime.Parse(json.ValueSpan));
        }
        else if (current.Ordinal >= 0)
        {
            Series.Set(current.Ordinal, ref json);
        }
        else if (current.Ordinal == Measurement && json.TokenType == JsonTokenType.String)
        {
            Series.Measurement = json.ValueTextEquals(Series.Measurement) ? Series.Measurement : json.GetString() ?? "";
        }
    }

    private void EndSkip(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray && json.CurrentDepth == skipDepth)
        {
            skipDepth = -1;
        }
    }

    private (int Ordinal, bool IsTime) Property(ref Utf8JsonReader json)
    {
        for (var tried = 0; tried < properties.Count; tried++)
        {
            var (name, ordinal, isTime) = properties[(expected + tried) % properties.Count];
            if (json.ValueTextEquals(name))
            {
                expected += tried + 1;
                return (ordinal, isTime);
            }
        }
        var text = json.GetString()!;
        var found = (Ordinal(text), text == "time");
        properties.Add((Encoding.UTF8.GetBytes(text), found.Item1, found.Item2));
        return properties.Count <= 2_000 ? found : throw new JsonException("There are more columns than a table has.");
    }

    private int Ordinal(string name)
    {
        for (var i = 0; i < query.Columns.Count; i++)
        {
            if (query.Columns[i] == name)
            {
                return i;
            }
        }
        for (var i = 0; i < query.GroupTags.Count; i++)
        {
            if (query.GroupTags[i] == name)
            {
                return query.Columns.Count + i;
            }
        }
        return name switch
        {
            MeasurementName => Measurement,
            "error" => Failure,
            _ => Ignored,
        };
    }
}
