using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Files;

/// <summary>Assets of any kinds as one JSON object: a list per kind, fields named as in the proto.</summary>
internal static class AssetJson
{
    private const string Location = "location";

    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    // The file is for people; it is not put into a page.
    private static readonly JsonWriterOptions WriteOptions =
        new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ParsedAssets Read(string content, Instant now)
    {
        var table = new AssetTable(now);
        try
        {
            using var document = JsonDocument.Parse(content.TrimStart('\uFEFF'), ReadOptions);
            ReadLists(document.RootElement, table);
        }
        catch (JsonException e)
        {
            table.Add(new ImportProblem("", "", 
                $"This is not JSON: it breaks in line {e.LineNumber + 1}, at byte {e.BytePositionInLine + 1}."));
        }
        return table.Parsed;
    }

    public static string Write(IEnumerable<IAsset> assets)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, WriteOptions))
        {
            json.WriteStartObject();
            foreach (var kind in assets.ToLookup(AssetKinds.KindOf).OrderBy(kind => kind.Key))
            {
                json.WriteStartArray(AssetForm.All[kind.Key].ListName);
                foreach (var asset in kind)
                {
                    WriteAsset(json, AssetForm.All[kind.Key].Write(asset));
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>compound_id is compoundId, and lat and lon are inside location.</summary>
    private static string NameOf(string column)
    {
        if (column is "lat" or "lon")
        {
            return $"{Location}.{column}";
        }
        var words = column.Split('_');
        return words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private static void WriteAsset(Utf8JsonWriter json, IEnumerable<(string Name, object? Value)> columns)
    {
        json.WriteStartObject();
        foreach (var (name, value) in columns.Where(column => column.Value is not null))
        {
            if (name == "lat")
            {
                json.WriteStartObject(Location);
            }
            json.WritePropertyName(name is "lat" or "lon" ? name : NameOf(name));
            JsonSerializer.Serialize(json, value, value!.GetType());
            if (name == "lon")
            {
                json.WriteEndObject();
            }
        }
        json.WriteEndObject();
    }

    private static void ReadLists(JsonElement root, AssetTable table)
    {
        var lists = string.Join(", ", AssetForm.All.Values.Select(form => form.ListName));
        if (root.ValueKind != JsonValueKind.Object)
        {
            table.Add(new ImportProblem(
                "", "", $"This is not an object with lists in it, as {{\"piles\": [...]}}. Lists are: {lists}."));
            return;
        }
        foreach (var list in root.EnumerateObject())
        {
            var form = AssetForm.All.Values.FirstOrDefault(f => f.ListName == list.Name);
            if (form is null || list.Value.ValueKind != JsonValueKind.Array)
            {
                var problem = form is null ? $"is not known. Lists are: {lists}." : "is not a list.";
                table.Add(new ImportProblem(list.Name, "", problem));
                continue;
            }
            var index = 0;
            foreach (var item in list.Value.EnumerateArray().TakeWhile(_ => !table.IsHopeless))
            {
                ReadItem(item, form, $"{list.Name}[{index++}]", table);
            }
        }
    }

    private static void ReadItem(JsonElement item, AssetForm form, string place, AssetTable table)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            table.Add(new ImportProblem(place, "", "is not an object with fields."));
            return;
        }
        var columns = form.KnownColumns.ToDictionary(NameOf, StringComparer.Ordinal);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Flat(item))
        {
            if (!columns.TryGetValue(name, out var column))
            {
                table.AddUnknown(place, name, form, NameOf);
            }
            else if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                table.Add(new ImportProblem(place, name, "is an object or a list, and should be a plain value."));
            }
            else if (value.ToString().Trim() is { Length: > 0 } text)
            {
                values.Add(column, text);
            }
        }
        table.Add(form, place, values, NameOf);
    }

    private static IEnumerable<(string Name, JsonElement Value)> Flat(JsonElement item) => item.EnumerateObject().SelectMany(
        field => field.Name == Location && field.Value.ValueKind == JsonValueKind.Object
            ? field.Value.EnumerateObject().Select(part => ($"{Location}.{part.Name}", part.Value))
            : [(field.Name, field.Value)]);
}
