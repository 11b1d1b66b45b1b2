using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using SmartCity.Cli.Showing;

namespace SmartCity.Cli.Asking;

/// <summary>What the server says of fields and in UTC, in the words that were typed: options, commands and local time.</summary>
internal static partial class FieldWords
{
    private static readonly FrozenDictionary<string, string> Typed = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["scope"] = "the scope (--pile, --point, --compound, ...)",
        ["scope.district_ids"] = "--district",
        ["scope.subdistrict_ids"] = "--subdistrict",
        ["scope.compound_ids"] = "--compound",
        ["scope.grid_ids"] = "--grid",
        ["scope.pile_ids"] = "--pile",
        ["scope.truck_ids"] = "--truck",
        ["scope.point_ids"] = "--point",
        ["period"] = "the period (--from, --until, --last)",
        ["period.from"] = "--from",
        ["period.until"] = "--until",
        ["period.time_zone"] = "--time-zone",
        ["dates"] = "the dates (--first, --last-date, --last)",
        ["dates.first"] = "--first",
        ["dates.last"] = "--last-date",
        ["first_date"] = "--first",
        ["last_date"] = "--last-date",
        ["as_of"] = "--as-of",
        ["at"] = "--at",
        ["collected_time"] = "--at",
        ["from_time"] = "--from",
        ["until_time"] = "--until",
        ["valid_at"] = "--valid-at",
        ["by"] = "--by",
        ["declared_by"] = "--by",
        ["decided_by"] = "--by",
        ["confirmed_by"] = "--by",
        ["as_supervisor"] = "--supervisor",
        ["assignee"] = "--to",
        ["note"] = "--note",
        ["reason"] = "--reason",
        ["override_reason"] = "--override-reason",
        ["action_id"] = "--request-id",
        ["maintenance_id"] = "--request-id or the id",
        ["exception_id"] = "--id or the id",
        ["confirmation_id"] = "--id",
        ["evidence_id"] = "the id",
        ["fault_id"] = "the fault",
        ["obligation_id"] = "the obligation",
        ["pile_id"] = "the pile",
        ["truck_id"] = "--truck",
        ["location"] = "--place",
        ["device_id"] = "--device",
        ["device_ids"] = "--device",
        ["dead_letter_ids"] = "the numbers",
        ["route_ids"] = "--route",
        ["whole_city"] = "--whole-city",
        ["window_keys"] = "--window",
        ["by_seconds"] = "--minutes",
        ["horizon_s"] = "--ahead",
        ["threshold_s"] = "--longer-than",
        ["target"] = "--target",
        ["group_by"] = "--group-by",
        ["bucket"] = "--bucket",
        ["codes"] = "--code",
        ["min_severity"] = "--severity",
        ["states"] = "--state",
        ["statuses"] = "--status",
        ["verdicts"] = "--verdict",
        ["page_size"] = "--limit",
        ["format"] = "--format",
        ["kind"] = "the kind",
        ["ListAssets (smartcity assets list)"] = "smartcity assets list",
        ["ListAssets"] = "smartcity assets list",
        ["ListObligations"] = "smartcity obligations",
        ["ListVisits"] = "smartcity visits",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The option of a field, as <c>--pile</c> of <c>scope.pile_ids</c>; a field without one stays.</summary>
    public static string Of(string field) => Typed.GetValueOrDefault(field, field);

    /// <summary>A sentence of the server, with options instead of fields and local instead of universal time.</summary>
    public static string Translated(string text, TimeZoneInfo zone)
    {
        var local = Instants().Replace(text, match => DateTimeOffset.TryParse(
            match.Value, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var instant)
            ? Say.Time(instant.ToTimestamp(), zone)
            : match.Value);
        return Names().Replace(local, match => Of(match.Value));
    }

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z")]
    private static partial Regex Instants();

    // Words of one part, as "at", are also English.
    [GeneratedRegex(@"\b[a-z]+([_.][a-z]+)+\b|ListAssets \(smartcity assets list\)|\bList[A-Z][a-z]+\b")]
    private static partial Regex Names();
}
