using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>Some rows of one series, as columns by the ordinals of <see cref="InfluxQuery.Columns"/>. Valid until the next one is
/// asked for.</summary>
internal sealed class InfluxSeries(IReadOnlyList<string> columns, IReadOnlyList<string> groupTags) : IDisposable
{
    /// <summary>Rows of one piece.</summary>
    public const int RowsMax = 10_000;

    private const int HeapBytesMax = 8 << 20;

    private readonly int width = columns.Count + groupTags.Count;
    private readonly string?[] tags = new string?[groupTags.Count];
    private readonly TextCache texts = new();
    private Kind[] kinds = [];
    private long[] values = [];
    private byte[] heap = [];
    private int heapLength;
    private int rowHeap;

    private enum Kind : byte
    {
        Null,
        Whole,
        Number,
        Truth,
        Text,
    }

    /// <summary>The measurement.</summary>
    public string Measurement { get; set; } = "";

    /// <summary>Rows in this piece.</summary>
    public int Count { get; private set; }

    /// <summary>The series' value of one of the query's group tags; null when it has none.</summary>
    public string? Tag(string key)
    {
        for (var i = 0; i < tags.Length; i++)
        {
            if (groupTags[i] == key)
            {
                return tags[i];
            }
        }
        throw new ArgumentException($"The query does not group by {key}.", nameof(key));
    }

    /// <summary>A whole number, or a time in ns since 1970.</summary>
    public long? Int64(int row, int column)
    {
        var cell = Cell(row, column);
        return kinds[cell] switch
        {
            Kind.Whole => values[cell],
            Kind.Null => null,
            _ => throw Unexpected(column, "a whole number"),
        };
    }

    /// <summary>A number.</summary>
    public double? Double(int row, int column)
    {
        var cell = Cell(row, column);
        return kinds[cell] switch
        {
            Kind.Number => BitConverter.Int64BitsToDouble(values[cell]),
            Kind.Whole => values[cell], // 5.0 arrives as 5; the nearest double is the one that was written.
            Kind.Null => null,
            _ => throw Unexpected(column, "a number"),
        };
    }

    /// <summary>A yes or no.</summary>
    public bool? Boolean(int row, int column)
    {
        var cell = Cell(row, column);
        return kinds[cell] switch
        {
            Kind.Truth => values[cell] != 0,
            Kind.Null => null,
            _ => throw Unexpected(column, "true or false"),
        };
    }

    /// <summary>A text as it was written: a string field, or a tag that was asked for as a column.</summary>
    public string? Text(int row, int column)
    {
        var cell = Cell(row, column);
        return kinds[cell] switch
        {
            Kind.Text => TextOf(cell),
            Kind.Null => null,
            _ => throw Unexpected(column, "a text"),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<Kind>.Shared.Return(kinds);
        ArrayPool<long>.Shared.Return(values);
        ArrayPool<byte>.Shared.Return(heap);
        (kinds, values, heap, Count) = ([], [], [], 0);
    }

    /// <summary>Whether it is time for another piece.</summary>
    internal bool IsFull => Count >= RowsMax || heapLength >= HeapBytesMax;

    /// <summary>Forgets the rows.</summary>
    internal void Clear() => (Count, heapLength) = (0, 0);

    /// <summary>Makes room for one more row, of nulls. It counts from <see cref="EndRow"/> on.</summary>
    internal void BeginRow()
    {
        var end = (Count + 1) * width;
        if (end > kinds.Length || end > values.Length)
        {
            var size = Math.Max(end, 64 * width) * 2;
            Grow(ref kinds, size, Count * width);
            Grow(ref values, size, Count * width);
        }
        kinds.AsSpan(Count * width, width).Clear(); // Kind.Null
        rowHeap = heapLength;
    }

    internal void EndRow() => Count++;

    /// <summary>Takes a value of the row that was begun.</summary>
    /// <param name="column">An ordinal; the group tags have those after the columns.</param>
    internal void Set(int column, ref Utf8JsonReader value)
    {
        var cell = (Count * width) + column;
        switch (value.TokenType)
        {
            case JsonTokenType.Number:
                SetNumber(cell, ref value);
                break;
            case JsonTokenType.String:
                SetText(cell, ref value);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                (kinds[cell], values[cell]) = (Kind.Truth, value.TokenType == JsonTokenType.True ? 1 : 0);
                break;
            case JsonTokenType.Null:
                break;
            default:
                throw new JsonException("A row holds a list or an object.");
        }
    }

    /// <summary>Takes a whole number of the row that was begun.</summary>
    internal void Set(int column, long value)
    {
        var cell = (Count * width) + column;
        (kinds[cell], values[cell]) = (Kind.Whole, value);
    }

    /// <summary>What the answer says the tag is; nothing means that the series has none.</summary>
    internal void SetTag(int tag, string? stored) =>
        tags[tag] = string.IsNullOrEmpty(stored) ? null : InfluxText.Unescape(stored);

    /// <summary>Whether the row that was begun has the group tags of the first one.</summary>
    internal bool ContinuesSeries()
    {
        for (var column = columns.Count; column < width; column++)
        {
            if (!Utf8((Count * width) + column).SequenceEqual(Utf8(column)))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Takes the tags from the first row, which has them as columns.</summary>
    internal void TakeTags()
    {
        for (var tag = 0; tag < tags.Length; tag++)
        {
            SetTag(tag, Encoding.UTF8.GetString(Utf8(columns.Count + tag)));
        }
    }

    /// <summary>Forgets all rows but the one that was begun, which is ended as the first.</summary>
    internal void KeepBegunRow()
    {
        var from = Count * width;
        kinds.AsSpan(from, width).CopyTo(kinds);
        values.AsSpan(from, width).CopyTo(values);
        heap.AsSpan(rowHeap, heapLength - rowHeap).CopyTo(heap);
        for (var cell = 0; cell < width; cell++)
        {
            if (kinds[cell] == Kind.Text)
            {
                values[cell] -= (long)rowHeap << 32;
            }
        }
        heapLength -= rowHeap;
        Count = 1;
    }

    private static void Grow<T>(ref T[] array, int size, int kept)
    {
        if (size <= array.Length)
        {
            return;
        }
        var larger = ArrayPool<T>.Shared.Rent(size);
        array.AsSpan(0, kept).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }

    private void SetNumber(int cell, ref Utf8JsonReader value)
    {
        var digits = value.ValueSpan;
        var isWhole = Utf8Parser.TryParse(digits, out long whole, out var parsed) && parsed == digits.Length;
        if (isWhole && (whole != 0 || digits[0] != '-')) // -0 is a number that no whole number is.
        {
            (kinds[cell], values[cell]) = (Kind.Whole, whole);
        }
        else
        {
            (kinds[cell], values[cell]) = (Kind.Number, BitConverter.DoubleToInt64Bits(value.GetDouble()));
        }
    }

    private void SetText(int cell, ref Utf8JsonReader value)
    {
        if (!value.ValueIsEscaped)
        {
            Keep(cell, value.ValueSpan);
            return;
        }
        Grow(ref heap, heapLength + value.ValueSpan.Length, heapLength);
        try
        {
            Place(cell, value.CopyString(heap.AsSpan(heapLength)));
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A text holds half a character.", e);
        }
    }

    private void Keep(int cell, ReadOnlySpan<byte> text)
    {
        if (heapLength + text.Length > heap.Length)
        {
            Grow(ref heap, Math.Max(heapLength + text.Length, 4_096) * 2, heapLength);
        }
        text.CopyTo(heap.AsSpan(heapLength));
        Place(cell, text.Length);
    }

    private void Place(int cell, int length)
    {
        (kinds[cell], values[cell]) = (Kind.Text, ((long)heapLength << 32) | (uint)length);
        heapLength += length;
    }

    private ReadOnlySpan<byte> Utf8(int cell) =>
        kinds[cell] == Kind.Text ? heap.AsSpan((int)(values[cell] >> 32), (int)values[cell]) : default;

    private string TextOf(int cell)
    {
        var utf8 = Utf8(cell);
        var stored = texts.Of(utf8);
        return InfluxText.IsEscaped(utf8) ? InfluxText.Unescape(stored) : stored;
    }

    private int Cell(int row, int column)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)column, (uint)columns.Count);
        return (row * width) + column;
    }

    private StoreUnavailableException Unexpected(int column, string wanted) => new(
        $"InfluxDB has something else than {wanted} as \"{columns[column]}\" in \"{Measurement}\": another program writes there. "
        + "Give SmartCity databases of its own with Store:InfluxDb:Database and Store:InfluxDb:RollupDatabase");
}
