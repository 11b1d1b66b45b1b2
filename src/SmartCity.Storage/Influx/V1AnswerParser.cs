using System.Text.Json;

namespace SmartCity.Storage.Influx;

/// <summary>Reads {"results":[{"series":[{"name":..,"tags":{..},"columns":[..],"values":[[..],..]}]}]}, one such object or, in
/// chunks, many.</summary>
internal sealed class V1AnswerParser(InfluxQuery query) : IAnswerParser
{
    private readonly List<int> ordinals = []; // Of the answer's columns; -1 is not read.
    private Place place = Place.Outside;
    private string property = "";
    private int skipDepth = -1;
    private int column;
    private int tag;
    private bool hasResults;
    private bool isResultPartial;
    private bool isSeriesPartial;
    private bool isHandedOut;

    private enum Place
    {
        Outside,
        Answer,
        Results,
        Result,
        SeriesList,
        Series,
        Tags,
        Columns,
        Values,
        Row,
    }

    /// <inheritdoc/>
    public InfluxSeries Series { get; } = new(query.Columns, query.GroupTags);

    /// <inheritdoc/>
    public void Dispose() => Series.Dispose();

    /// <inheritdoc/>
    public bool Read(ref Utf8JsonReader json)
    {
        if (isHandedOut)
        {
            Series.Clear();
            isHandedOut = false;
        }
        while (json.Read())
        {
            if (place == Place.Row)
            {
                ReadCell(ref json);
                if (place == Place.Values && Series.IsFull)
                {
                    return isHandedOut = true;
                }
            }
            else if (skipDepth >= 0)
            {
                EndSkip(ref json);
            }
            else if (ReadToken(ref json))
            {
                return isHandedOut = true;
            }
        }
        return false;
    }

    /// <inheritdoc/>
    public bool End() => place == Place.Outside && hasResults && !isResultPartial
        ? false
        : throw new JsonException("The answer ends in the middle.");

    // True when a series has ended and has rows.
    private bool ReadToken(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.PropertyName when place == Place.Tags:
                property = json.GetString()!;
                tag = IndexOf(query.GroupTags, property);
                break;
            case JsonTokenType.PropertyName:
                property = json.GetString()!;
                break;
            case JsonTokenType.StartObject:
            case JsonTokenType.StartArray:
                Enter(ref json);
                break;
            case JsonTokenType.EndObject:
            case JsonTokenType.EndArray:
                return Leave();
            default:
                ReadValue(ref json);
                break;
        }
        return false;
    }

    private void Enter(ref Utf8JsonReader json)
    {
        var isObject = json.TokenType == JsonTokenType.StartObject;
        place = (place, isObject, property) switch
        {
            (Place.Outside, true, _) => Place.Answer,
            (Place.Answer, false, "results") => Place.Results,
            (Place.Results, true, _) => BeginResult(),
            (Place.Result, false, "series") => Place.SeriesList,
            (Place.SeriesList, true, _) => BeginSeries(),
            (Place.Series, true, "tags") => Place.Tags,
            (Place.Series, false, "columns") => BeginColumns(),
            (Place.Series, false, "values") => BeginValues(),
            (Place.Values, false, _) => BeginRow(),
            (Place.Answer or Place.Result or Place.Series, _, _) => Skip(ref json),
            _ => throw new JsonException($"\"{property}\" is not what InfluxDB answers with."),
        };
    }

    private bool Leave()
    {
        var left = place;
        place = place switch
        {
            Place.Answer => Place.Outside,
            Place.Results => Place.Answer,
            Place.Result => Place.Results,
            Place.SeriesList => Place.Result,
            Place.Series => Place.SeriesList,
            Place.Columns => EndColumns(),
            _ => Place.Series,
        };
        if (left == Place.Result && isSeriesPartial && !isResultPartial)
        {
            throw new InfluxAnswerException("it cuts answers short: set max-row-limit = 0 in its configuration");
        }
        return left == Place.Series && Series.Count > 0;
    }

    private Place Skip(ref Utf8JsonReader json)
    {
        skipDepth = json.CurrentDepth;
        return place;
    }

    private void EndSkip(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray && json.CurrentDepth == skipDepth)
        {
            skipDepth = -1;
        }
    }

    private Place BeginResult()
    {
        (hasResults, isResultPartial, isSeriesPartial) = (true, false, false);
        return Place.Result;
    }

    private Place BeginSeries()
    {
        Series.Clear();
        Series.Measurement = "";
        ordinals.Clear();
        for (var i = 0; i < query.GroupTags.Count; i++)
        {
            Series.SetTag(i, null);
        }
        return Place.Series;
    }

    private Place BeginColumns()
    {
        ordinals.Clear();
        return Place.Columns;
    }

    private Place EndColumns()
    {
        for (var i = 0; i < query.Columns.Count; i++)
        {
            if (!ordinals.Contains(i))
            {
                throw new JsonException($"The column \"{query.Columns[i]}\" is not in the answer.");
            }
        }
        return Place.Series;
    }

    private Place BeginValues() => ordinals.Count > 0 ? Place.Values : throw new JsonException("Values come without columns.");

    private Place BeginRow()
    {
        column = 0;
        Series.BeginRow();
        return Place.Row;
    }

    private void ReadCell(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.EndArray)
        {
            Series.EndRow();
            place = Place.Values;
            return;
        }
        if (column == ordinals.Count)
        {
            throw new JsonException("A row has more values than columns.");
        }
        var ordinal = ordinals[column++];
        if (ordinal >= 0)
        {
            Series.Set(ordinal, ref json);
        }
    }

    private void ReadValue(ref Utf8JsonReader json)
    {
        switch (place, property)
        {
            case (Place.Outside, _):
                throw new JsonException("The answer is no JSON object.");
            case (Place.Answer or Place.Result, "error"):
                throw new InfluxAnswerException(Text(ref json) ?? "an error without a reason");
            case (Place.Result, "partial"):
                isResultPartial = json.TokenType == JsonTokenType.True;
                break;
            case (Place.Series, "partial"):
                isSeriesPartial = json.TokenType == JsonTokenType.True;
                break;
            case (Place.Series, "name"):
                Series.Measurement = Text(ref json) ?? "";
                break;
            case (Place.Tags, _) when tag >= 0:
                Series.SetTag(tag, Text(ref json));
                break;
            case (Place.Columns, _):
                ordinals.Add(IndexOf(query.Columns, Text(ref json) ?? ""));
                break;
            case (Place.Values, _):
                throw new JsonException("A row is no list.");
        }
    }

    private static string? Text(ref Utf8JsonReader json) => json.TokenType is JsonTokenType.String or JsonTokenType.Null
        ? json.GetString()
        : throw new JsonException("Something else stands where a text belongs.");

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }
        return -1;
    }
}
