using CsCheck;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;
using static SmartCity.Tests.Registry.Fixtures;

namespace SmartCity.Tests.Registry;

public sealed class TimelineTests
{
    private static Pile Version(int ports, long from, long? until) =>
        Pile("p", "c") with { Ports = ports, Validity = new Validity(new Instant(from), until is { } u ? new Instant(u) : null) };

    private static IEnumerable<(int Ports, long From, long? Until)> Overlay(IAsset[] registered, params IAsset[] imported) =>
        Timeline.Overlay(registered, imported).Select(v => (((Pile)v).Ports, v.Validity.From.Milliseconds, v.Validity.Until?.Milliseconds));

    [Fact]
    public void A_new_version_ends_the_one_before() =>
        Assert.Equal([(1, 0, 50), (2, 50, null)], Overlay([Version(1, 0, null)], Version(2, 50, null)));

    [Fact]
    public void The_same_again_changes_nothing() =>
        Assert.Equal([(1, 0, null)], Overlay([Version(1, 0, null)], Version(1, 50, null)));

    [Fact]
    public void An_end_retires() =>
        Assert.Equal([(1, 0, 80)], Overlay([Version(1, 0, null)], Version(1, 50, 80)));

    [Fact]
    public void What_is_planned_after_the_end_stays() =>
        Assert.Equal([(1, 0, 50), (3, 50, 80), (2, 100, null)], Overlay([Version(1, 0, 90), Version(2, 100, null)], Version(3, 50, 80)));

    [Fact]
    public void What_is_planned_after_the_end_stays_when_the_file_comes_again_even_if_it_says_the_same()
    {
        var once = Timeline.Overlay([Version(1, 0, 80), Version(3, 80, null)], [Version(3, 50, 80)]);
        Assert.Equal(once, Timeline.Overlay(once, [Version(3, 50, 80)]));
    }

    [Fact]
    public void Without_an_end_what_was_planned_is_replaced() =>
        Assert.Equal([(3, 0, null)], Overlay([Version(1, 10, 90), Version(2, 100, null)], Version(3, 0, null)));

    [Fact]
    public void A_retired_asset_comes_back_after_a_gap() =>
        Assert.Equal([(1, 0, 20), (1, 50, null)], Overlay([Version(1, 0, 20)], Version(1, 50, null)));

    [Fact]
    public void Outside_the_imported_span_nothing_is_invented_and_importing_twice_is_importing_once() =>
        Gen.Select(GenTimeline, GenTimeline).Sample((registered, imported) =>
        {
            var once = Timeline.Overlay(registered, imported);
            var twice = Timeline.Overlay(once, imported);
            var from = imported[0].Validity.From;
            var until = imported[^1].Validity.Until ?? new Instant(1_000);
            return once.SequenceEqual(twice)
                && once.Zip(once.Skip(1)).All(pair => pair.First.Validity.Until <= pair.Second.Validity.From)
                && Enumerable.Range(0, 130).Select(t => new Instant(t)).All(t => t >= from && t < until
                    ? PortsAt(once, t) == PortsAt(imported, t)
                    : PortsAt(once, t) == PortsAt(registered, t) || (t >= until && PortsAt(once, t) is null));
        });

    private static int? PortsAt(IEnumerable<IAsset> versions, Instant at) =>
        versions.Cast<Pile>().FirstOrDefault(v => v.Validity.Contains(at))?.Ports;

    /// <summary>Versions that do not overlap and of which no two in a row say the same, as a registry has them.</summary>
    private static readonly Gen<List<IAsset>> GenTimeline =
        from cuts in Gen.Int[0, 120].Array[2, 6]
        from ports in Gen.Int[1, 3].Array[6]
        from open in Gen.Bool
        let sorted = cuts.Distinct().Order().ToArray()
        where sorted.Length >= 2
        let pieces = sorted.Zip(sorted.Skip(1)).Select((span, i) => (IAsset)Version(ports[i], span.First,
            open && i == sorted.Length - 2 ? null : span.Second)).ToList()
        select Timeline.Overlay([], pieces);
}
