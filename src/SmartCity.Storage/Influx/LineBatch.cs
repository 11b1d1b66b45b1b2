using System.Buffers;
using System.Globalization;
using System.Text;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>Lines of line protocol in one pooled buffer, with the place of each line, so that any run of them is a request
/// without being written again. A line is <see cref="Begin"/>, tags in ordinal order, fields, <see cref="End"/>; one that was not
/// ended is forgotten by the next. Not for two threads at once.</summary>
internal sealed class LineBatch : IDisposable
{
    /// <summary>Of one tag value or string field, in UTF-8 as it is written: what every version takes.</summary>
    public const int TextBytesMax = 64_000;

    private const int NumberBytesMax = 32;
    private const int ShownBytesMax = 200;
    private const int BytesMax = 1 << 30;
    private static readonly SearchValues<char> NameChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private static readonly SearchValues<char> PlainChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/+@#*()[]{}<>|;!?&%$^~`'");

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
    private int[] starts = ArrayPool<int>.Shared.Rent(1_024);
    private int written;
    private string? lastTag;
    private Part part;

    private enum Part
    {
        None,
        Tags,
        Fields,
    }

    /// <summary>Lines that were ended.</summary>
    public int Lines { get; private set; }

    /// <summary>Bytes of those lines.</summary>
    public int Bytes => Lines == 0 ? 0 : starts[Lines];

    /// <summary>Starts a line.</summary>
    public void Begin(string measurement)
    {
        CheckName(measurement);
        written = Bytes;
        (part, lastTag) = (Part.Tags, null);
        Append(measurement);
    }

    /// <summary>Adds a tag. An empty value is a value too.</summary>
    public void Tag(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        BeginTag(key);
        if (value.Length > 0 && !value.AsSpan().ContainsAnyExcept(PlainChars))
        {
            CheckLength(key, value.Length);
            Append(value);
            return;
        }
        Reserve(InfluxText.BytesMax(CheckLength(key, value.Length)));
        written += CheckLength(key, InfluxText.WriteTag(value, buffer.AsSpan(written)));
    }

    /// <summary>Adds a tag.</summary>
    public void Tag(string key, long value)
    {
        BeginTag(key);
        Append(value);
    }

    /// <summary>Adds a whole number; null is left out.</summary>
    public void Field(string key, long? value)
    {
        if (value is { } number)
        {
            BeginField(key);
            Append(number);
            buffer[written++] = (byte)'i';
        }
    }

    /// <summary>Adds a number; null is left out.</summary>
    public void Field(string key, double? value)
    {
        if (value is { } number)
        {
            if (!double.IsFinite(number))
            {
                throw new ArgumentException($"{key} is {number}: line protocol has no such number.", nameof(value));
            }
            BeginField(key);
            Reserve(NumberBytesMax);
            number.TryFormat(buffer.AsSpan(written), out var bytes, "R", CultureInfo.InvariantCulture);
            written += bytes;
        }
    }

    /// <summary>Adds a yes or no; null is left out.</summary>
    public void Field(string key, bool? value)
    {
        if (value is { } truth)
        {
            BeginField(key);
            Append(truth ? "true" : "false");
        }
    }

    /// <summary>Adds a text; null is left out.</summary>
    public void Field(string key, string? value)
    {
        if (value is null)
        {
            return;
        }
        BeginField(key);
        Reserve(InfluxText.BytesMax(CheckLength(key, value.Length)) + 2);
        buffer[written++] = (byte)'"';
        written += CheckLength(key, InfluxText.WriteField(value, buffer.AsSpan(written)));
        buffer[written++] = (byte)'"';
    }

    /// <summary>Ends the line.</summary>
    /// <param name="unixNanoseconds">From <see cref="InfluxQl.TimeMin"/> to <see cref="InfluxQl.TimeMax"/>.</param>
    public void End(long unixNanoseconds)
    {
        if (part != Part.Fields)
        {
            throw new InvalidOperationException("A line needs a field.");
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(unixNanoseconds, InfluxQl.TimeMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(unixNanoseconds, InfluxQl.TimeMax);
        Append((byte)' ');
        Append(unixNanoseconds);
        Append((byte)'\n');
        part = Part.None;
        starts[0] = 0;
        if (Lines + 2 > starts.Length)
        {
            Grow(ref starts, Lines + 2, Lines + 1);
        }
        starts[++Lines] = written;
    }

    /// <summary>So many lines from the first-th on, until the batch changes.</summary>
    public ReadOnlyMemory<byte> Slice(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Lines - first);
        return count <= 0 ? default : buffer.AsMemory(starts[first], starts[first + count] - starts[first]);
    }

    /// <summary>How many lines from the first-th on, at least one, stay within both bounds.</summary>
    public int Fitting(int first, int linesMax, int bytesMax)
    {
        var count = 1;
        while (count < linesMax && first + count < Lines && starts[first + count + 1] - starts[first] <= bytesMax)
        {
            count++;
        }
        return count;
    }

    /// <summary>A line for a person: its beginning.</summary>
    public string Show(int line)
    {
        var bytes = Slice(line, 1).Span.TrimEnd((byte)'\n');
        return Encoding.UTF8.GetString(bytes.Length <= ShownBytesMax ? bytes : bytes[..ShownBytesMax]);
    }

    /// <summary>Forgets all lines and keeps the memory.</summary>
    public void Clear() => (Lines, written, part) = (0, 0, Part.None);

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        ArrayPool<int>.Shared.Return(starts);
        (buffer, starts) = ([], []);
        Clear();
    }

    private static void CheckName(string name)
    {
        if (name.Length is 0 or > 100 || name[0] == '_' || name == "time" || name.AsSpan().ContainsAnyExcept(NameChars))
        {
            throw new ArgumentException(
                $"'{name}' does not work everywhere: 1..100 of A-Z, a-z, 0-9 and _ do, but not time nor _ first.",
                nameof(name));
        }
    }

    // What a device sends is bounded long before; a longer text would make the database refuse the request.
    private static int CheckLength(string key, int length) => length <= TextBytesMax
        ? length
        : throw new StoreRefusedException($"{key} is longer than the {TextBytesMax:N0} bytes that InfluxDB takes for one text");

    private static void Grow<T>(ref T[] array, int size, int kept)
    {
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(size, array.Length * 2));
        array.AsSpan(0, kept).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }

    private void BeginTag(string key)
    {
        CheckName(key);
        if (part != Part.Tags)
        {
            throw new InvalidOperationException("Tags come after the measurement and before the fields.");
        }
        if (lastTag is not null && string.CompareOrdinal(lastTag, key) >= 0)
        {
            throw new ArgumentException($"Tag {key} comes after {lastTag}: each is written once, in ordinal order.", nameof(key));
        }
        lastTag = key;
        Append((byte)',');
        Append(key);
        Append((byte)'=');
    }

    private void BeginField(string key)
    {
        CheckName(key);
        if (part == Part.None)
        {
            throw new InvalidOperationException("Fields come after the measurement.");
        }
        Append(part == Part.Tags ? (byte)' ' : (byte)',');
        part = Part.Fields;
        Append(key);
        Append((byte)'=');
    }

    private void Append(string ascii)
    {
        Reserve(ascii.Length);
        written += Encoding.UTF8.GetBytes(ascii, buffer.AsSpan(written));
    }

    private void Append(byte one)
    {
        Reserve(1);
        buffer[written++] = one;
    }

    private void Append(long number)
    {
        Reserve(NumberBytesMax);
        number.TryFormat(buffer.AsSpan(written), out var bytes, default, CultureInfo.InvariantCulture);
        written += bytes;
    }

    private void Reserve(int bytes)
    {
        if (written + bytes > buffer.Length)
        {
            if (written + (long)bytes > BytesMax)
            {
                throw new InvalidOperationException($"A batch holds at most {BytesMax:N0} bytes.");
            }
            Grow(ref buffer, written + bytes, written);
        }
    }
}
