using SmartCity.Protocol.Mqtt;
using SmartCity.Server.Settings;

namespace SmartCity.Server.Mqtt;

/// <summary>What we subscribe to at the external broker.</summary>
internal static class BrokerFilters
{
    private const string Share = "$share/";

    /// <summary>Everything that devices send; with areas only theirs, with a group our share of it.</summary>
    public static IReadOnlyList<string> Of(MqttOptions options)
    {
        IReadOnlyList<string> filters = options.Areas.Length == 0
            ? Topics.UplinkFilters
            : [.. options.Areas.Split(',').Distinct().Select(area => $"{Topics.Root}{area}/#")];
        return options.SharedGroup.Length == 0 ? filters : [.. filters.Select(filter => $"{Share}{options.SharedGroup}/{filter}")];
    }

    /// <summary>Whether a state is ours to publish: of a district that we do not read we know nothing, and another server does.</summary>
    public static bool IsOurs(MqttOptions options, string stateTopic) =>
        options.Areas.Length == 0
        || options.Areas.Split(',').Any(area => stateTopic.StartsWith($"{Topics.StateRoot}{area}/", StringComparison.Ordinal));

    /// <summary>Whether a filter shares with others.</summary>
    public static bool IsShared(string filter) => filter.StartsWith(Share, StringComparison.Ordinal);
}
