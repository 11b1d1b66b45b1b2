using System.Text;

namespace SmartCity.Storage.Registry.Files;

/// <summary>The names of enum values as the proto writes them without their prefix: <c>EbikeAc</c> is EBIKE_AC.</summary>
internal static class Words
{
    public static string Write<T>(T value) where T : struct, Enum => Upper(value.ToString());

    public static bool TryRead<T>(string text, out T value) where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (Write(candidate).Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                value = candidate;
                return true;
            }
        }
        value = default;
        return false;
    }

    private static string Upper(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }
            text.Append(char.ToUpperInvariant(letter));
        }
        return text.ToString();
    }
}
