using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Charging;

namespace SmartCity.Server.Api.Faults;

/// <summary>The faults of one pile: its own, and what the server derives where the pile is silent about it.</summary>
internal static class FaultHistory
{
    /// <summary>All faults of the pile up to the evaluation, by the moment raised.</summary>
    public static IReadOnlyList<Domain.Faults.Fault> Of(
        PileHistory history, FaultLog log, IReadOnlyList<OfflineSpan> offline, bool withDerived, FaultThresholds thresholds,
        Instant evaluation)
    {
        if (!withDerived)
        {
            return log.Faults;
        }
        var found = DerivedFaults.Offline(history, offline).Concat(SensorFaults.Of(history, offline, thresholds, evaluation));
        var derived = DerivedFaults.WithoutReported(found, log.Faults, evaluation);
        return [.. log.Faults.Concat(derived).OrderBy(f => f.Raised)];
    }

    /// <summary>Where a fault that was raised outside the pile's validity is shown: the next version, else the last.</summary>
    public static int NearestVersion(PileHistory history, Instant raised)
    {
        var version = history.VersionAt(raised);
        for (var i = 0; version < 0 && i < history.Versions.Count; i++)
        {
            version = history.Versions[i].Validity.From > raised ? i : -1;
        }
        return version >= 0 ? version : history.Versions.Count - 1;
    }
}
