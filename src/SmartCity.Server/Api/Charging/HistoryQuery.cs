using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Api.Charging;

/// <summary>What of the piles' records an answer needs.</summary>
[Flags]
internal enum HistoryParts
{
    /// <summary>Faults and silences only.</summary>
    None = 0,

    /// <summary>What ports reported.</summary>
    Statuses = 1,

    /// <summary>The energy that counts in the period, with the sessions that it belongs to. Alone: neither faults nor
    /// silences.</summary>
    Energy = 2,

    /// <summary>Sensor samples, from a day before the period.</summary>
    Meters = 4,

    /// <summary>With their energy, also sessions of which only a later account says that they began in the period.</summary>
    Sessions = 8 | Energy,
}

/// <summary>A question for histories.</summary>
/// <param name="Evaluation">Nothing later exists, and nothing that was accepted later is known.</param>
internal sealed record HistoryQuery(
    IReadOnlyList<ScopedPile> Piles, Instant From, Instant Until, Instant Evaluation, HistoryParts Parts, ChargingRules Rules)
{
    /// <summary>The longest that any of the piles may be silent; gaps are read this far beyond the period.</summary>
    public TimeSpan SilenceMax => Piles.SelectMany(p => p.Versions).Max(v => DerivedStatus.OfflineAfter(v.ReportInterval));

    /// <summary>The shortest silence that matters to any of the piles.</summary>
    public TimeSpan SilenceMin => Piles.SelectMany(p => p.Versions).Min(v => DerivedStatus.OfflineAfter(v.ReportInterval));

    public IReadOnlyCollection<string> Ids => [.. Piles.Select(p => p.Id)];
}

/// <summary>What is known about the records that were read.</summary>
/// <param name="LatestReceived">Of the newest record used; null without records.</param>
/// <param name="Silent">Piles that are silent for too long at the evaluation.</param>
/// <param name="DeletedUntil">Meter values of before were asked for and are deleted; null: none.</param>
internal readonly record struct HistoryFacts(Instant? LatestReceived, int Silent, Instant? DeletedUntil);
