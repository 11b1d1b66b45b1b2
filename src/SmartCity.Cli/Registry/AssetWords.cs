using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Registry;

/// <summary>What an asset is, in a line: every field of it that says something.</summary>
internal static class AssetWords
{
    public static string Of(Asset asset)
    {
        var body = Asset.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(asset)?.Accessor.GetValue(asset) as IMessage;
        return body is null
            ? Say.Absent
            : string.Join(", ", body.Descriptor.Fields.InDeclarationOrder().Select(f => Word(f, body)).Where(w => w.Length > 0));
    }

    private static string Word(FieldDescriptor field, IMessage body)
    {
        var name = field.Name.Replace("_id", "", StringComparison.Ordinal).Replace('_', ' ');
        return field.Accessor.GetValue(body) switch
        {
            null or "" or 0 or 0d or false => "",
            true => name,
            GeoPoint at => string.Create(CultureInfo.InvariantCulture, $"at {at.Lat},{at.Lon}"),
            string text when field.Name is "name" or "key" or "plate" => text,
            Enum word => Convert.ToInt32(word, null) == 0 ? "" : Words.Upper(word),
            var value => string.Create(CultureInfo.InvariantCulture, $"{name} {value}"),
        };
    }
}
