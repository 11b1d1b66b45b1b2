using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry.Decisions;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>A service date of one scope whose windows are over: only what comes late, a decision or another registry changes its
/// verdicts.</summary>
/// <param name="From">When the first of its obligations could be served.</param>
/// <param name="Until">The last of their cutoffs.</param>
/// <param name="Revision">How far the records had come before they were read.</param>
internal sealed record OverDate(
    Instant From, Instant Until, RegistrySnapshot Registry, long Decisions, long Revision, IReadOnlyList<ObligationOutcome> Outcomes)
{
    // A slow tracker's silence, or a truck that stays, may still change a verdict for so long.
    private static readonly TimeSpan AfterMin = TimeSpan.FromHours(2);
    private static readonly TimeSpan IntervalMax = TimeSpan.FromHours(1);

    /// <summary>Starts to look at a date, before its records are read; null while time alone may change it, or when something
    /// came that the moment of evaluation does not know of.</summary>
    public static OverDate? Begin(
        IReadOnlyCollection<Obligation> due, RegistrySnapshot registry, DecisionsChange decided, ITelemetryStore store,
        SanitationRules rules, Instant evaluation)
    {
        var (from, until) = (due.Min(o => o.AcceptFrom), due.Max(o => o.AcceptUntil));
        if (until + AfterOf(rules) > evaluation || decided.Latest > evaluation)
        {
            return null;
        }
        var change = ChangeOf(from, until, store, rules);
        return change.LatestReceived > evaluation ? null : new OverDate(from, until, registry, decided.Revision, change.Revision, []);
    }

    /// <summary>Whether it would be judged as before.</summary>
    public bool IsSame(RegistrySnapshot registry, DecisionsChange decided, ITelemetryStore store, SanitationRules rules) =>
        ReferenceEquals(Registry, registry) && Decisions == decided.Revision
        && Revision == ChangeOf(From, Until, store, rules).Revision;

    private static CollectionsChange ChangeOf(Instant from, Instant until, ITelemetryStore store, SanitationRules rules) =>
        store.ReadCollectionsChange(from - rules.Margin, until + AfterOf(rules));

    private static TimeSpan AfterOf(SanitationRules rules) =>
        IntervalMax * rules.BlindIntervals > AfterMin ? IntervalMax * rules.BlindIntervals : AfterMin;
}
