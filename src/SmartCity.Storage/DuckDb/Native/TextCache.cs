using System.Text;

namespace SmartCity.Storage.DuckDb.Native;

/// <summary>Gives one string for texts that come again and again, such as the ten sessions of a pile's ports.</summary>
internal sealed class TextCache
{
    private readonly string?[] _texts = new string?[1024];

    public string Of(ReadOnlySpan<byte> utf8)
    {
        var hash = 17u;
        foreach (var one in utf8)
        {
            hash = (hash * 31) + one;
        }
        ref var slot = ref _texts[(hash ^ (hash >> 10)) & 1023];
        return slot is { } known && Ascii.Equals(utf8, known) ? known : slot = Encoding.UTF8.GetString(utf8);
    }
}
