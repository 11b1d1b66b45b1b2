using CsCheck;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Live;

namespace SmartCity.Tests.Live;

public sealed class OrderTests
{
    private static readonly PortStatus[] Words =
    [
        PortStatus.Available, PortStatus.Charging, PortStatus.FinishedPlugged, PortStatus.Unavailable, PortStatus.Faulted,
        PortStatus.Offline, PortStatus.Unknown,
    ];

    private static readonly int[] Steps = [0, 1, 59, 60, 61, 90, 200, 4_000];
    private static readonly int[] Ports = [1, 2];
    private static readonly int[] Codes = [102, 201, 901];

    // At most eight statuses and fault events of each kind, which is what the trails keep; times from 20 minutes ago to
    // 2 minutes ahead.
    private static readonly Gen<TelemetryMessage[]> Messages = Gen.Select(
        Gen.Int[0, 4], Gen.Int[-1_200, 120], Gen.Int[0, 6], Gen.Int[0, 2], Gen.Int[0, 2],
        (kind, at, word, port, which) => (kind, at, word, port, which)).Array[0, 8]
        .Select(drawn => drawn.Select((d, i) => d.kind switch
        {
            0 => Say.Status(d.at, Words[d.word], d.port, sequence: i, session: d.which == 0 ? "A" : null),
            1 => Say.Fault(d.at, d.word % 2 == 0 ? FaultEvent.Raised : FaultEvent.Cleared, Codes[d.which], d.port, i),
            2 => Say.Conn(d.at, d.word % 2 == 0, i, received: Math.Min(d.at, 0)),
            3 => Say.Session(d.at, (SessionEvent)(1 + (d.word % 5)), d.which == 0 ? "A" : "B", Math.Max(1, d.port), i),
            _ => Say.Meter(d.at, d.word, Math.Max(1, d.port), sequence: i, session: d.which == 0 ? "B" : null),
        }).ToArray());

    [Fact]
    public void The_state_is_the_same_whatever_the_order_and_number_of_messages() =>
        Gen.Select(Messages, Gen.Int[0, 1_000]).Sample(
        (messages, seed) =>
        {
            var (straight, shuffled) = (new Town(), new Town());
            straight.Tell(messages);
            var random = new Random(seed);
            var again = messages.Concat(messages.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(again);
            foreach (var message in again)
            {
                shuffled.Tell(message);
                shuffled.Port(); // Somebody looks in between; that must not matter either.
            }
            foreach (var step in Steps)
            {
                straight.Pass(step);
                shuffled.Pass(step);
                foreach (var port in Ports)
                {
                    var (a, b) = (straight.Port(port), shuffled.Port(port));
                    Assert.True(a.Shows(b), $"{a} | {b}");
                }
            }
        });

    [Fact]
    public void What_was_applied_before_changes_nothing() => Messages.Sample(messages =>
    {
        var town = new Town();
        town.Tell(messages);
        town.City.Refresh();
        var version = town.City.Changes.Current;
        town.Tell(messages);
        town.City.Refresh();
        Assert.Equal(version, town.City.Changes.Current);
    });

    [Fact]
    public void The_state_at_an_instant_is_that_of_the_timeline() => Messages.Sample(messages =>
    {
        var town = new Town();
        town.Tell(messages);
        foreach (var step in Steps)
        {
            town.Pass(step);
            foreach (var port in Ports)
            {
                var (status, since) = Timeline(messages, port, town.Now);
                var shown = town.Port(port);
                Assert.True((status, since) == (shown.Status, shown.Since), $"timeline {status} since {since}, live {shown}");
            }
        }
    });

    /// <summary>The domain's answer from all records, without anything that is kept for the live state.</summary>
    private static (PortStatus Status, Instant? Since) Timeline(TelemetryMessage[] messages, int port, Instant now)
    {
        var history = new PileHistory("p1", [.. Town.Assets().PileVersions("p1")]);
        var heard = new List<Instant>();
        foreach (var message in messages)
        {
            switch (message)
            {
                case TelemetryMessage<StatusRecord> m:
                    history.Statuses.AddRange(m.Records);
                    heard.AddRange(m.Records.Select(r => r.Stamp.Time));
                    break;
                case TelemetryMessage<FaultRecord> m:
                    history.Faults.AddRange(m.Records);
                    heard.AddRange(m.Records.Select(r => r.Stamp.Time));
                    break;
                case TelemetryMessage<ConnRecord> m:
                    history.Wills.AddRange(m.Records.Where(r => !r.Online).Select(r => r.Stamp.Received));
                    heard.AddRange(m.Records.Where(r => r.Online).Select(r => r.Stamp.Time));
                    break;
                case TelemetryMessage<SessionRecord> m:
                    heard.AddRange(m.Records.Select(r => r.Stamp.Time));
                    break;
                case TelemetryMessage<MeterRecord> m:
                    heard.AddRange(m.Records.Select(r => r.Stamp.Time));
                    break;
            }
        }
        history.Silences.AddRange(Silences.FromHeard(heard, "p1"));
        history.Settle();
        var end = now + TimeSpan.FromMilliseconds(1);
        var segments = new List<StatusSegment>();
        StatusTimeline.Write(
            history, FaultLog.Of(history.Faults, now).Faults, OfflineSpans.Of(history, end), Instant.Min, end, end, segments);
        var last = segments.FindLastIndex(s => s.Port == port);
        var first = last;
        while (first > 0 && segments[first - 1].Port == port && segments[first - 1].Status == segments[last].Status)
        {
            first--;
        }
        return (segments[last].Status, segments[first].From);
    }
}
