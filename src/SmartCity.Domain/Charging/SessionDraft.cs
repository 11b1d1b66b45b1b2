using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>A session while its records are read.</summary>
internal sealed class SessionDraft(int port, string id)
{
    private Instant earliest = Instant.Max;
    private Instant? started;
    private Instant? givenStart;
    private Instant? chargeDone;
    private Instant? ended;
    private Instant? givenEnd;
    private Instant? unplugged;
    private Instant? settled;
    private double? maxPowerW;
    private StopReason reason;
    private string? vendorReason;

    public int Port { get; } = port;

    public string Id { get; } = id;

    /// <summary>The energy counted so far.</summary>
    public long Total { get; private set; }

    /// <summary>When a sample last counted.</summary>
    public Instant? LastCounted { get; private set; }

    public int Suspects { get; set; }

    /// <summary>SETTLED lies before what is read now.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>A SETTLED record gave the total.</summary>
    public bool HasSettledTotal { get; private set; }

    public Instant Last { get; private set; } = Instant.Min;

    public Instant Start => started ?? givenStart ?? earliest;

    /// <summary>When the pile says it ended; null when it never did.</summary>
    public Instant? End => ended ?? givenEnd ?? unplugged ?? settled;

    private bool HasTotal { get; set; }

    public void Touch(Instant at)
    {
        earliest = Instant.Earlier(earliest, at);
        Last = Instant.Later(Last, at);
    }

    /// <summary>Takes the times and words of a record; its energy counts later, in time order.</summary>
    public void Describe(in SessionRecord record)
    {
        Touch(record.Stamp.Time);
        // A clock that is refused for the record is refused for the times inside it, too.
        var believed = (record.Stamp.Flags & StampFlags.ClockRefused) == 0;
        givenStart = believed ? Earliest(givenStart, Sane(record.StartTime, record.Stamp)) : givenStart;
        givenEnd = believed ? Earliest(givenEnd, Sane(record.EndTime, record.Stamp)) : givenEnd;
        switch (record.Event)
        {
            case SessionEvent.Started:
                started = Earliest(started, record.Stamp.Time);
                break;
            case SessionEvent.ChargeDone:
                chargeDone = Earliest(chargeDone, record.Stamp.Time);
                break;
            case SessionEvent.Ended:
                ended = Earliest(ended, record.Stamp.Time);
                break;
            case SessionEvent.Unplugged:
                unplugged = Earliest(unplugged, record.Stamp.Time);
                break;
            case SessionEvent.Settled:
                settled = Earliest(settled, record.Stamp.Time);
                break;
        }
        if (record.MaxPowerW is { } power)
        {
            maxPowerW = Math.Max(maxPowerW ?? power, power);
        }
        if (record.StopReason != StopReason.Unknown || !string.IsNullOrEmpty(record.VendorReason))
        {
            reason = record.StopReason;
            vendorReason = record.VendorReason;
        }
    }

    public void Count(long total, Instant at)
    {
        Total = total;
        LastCounted = at;
    }

    /// <summary>Takes the total that the record gives, if it gives one; what it changes counts at the record.</summary>
    public long Settle(in SessionRecord record)
    {
        var settles = record.Event == SessionEvent.Settled;
        IsSettled |= settles;
        // The final account stands: an ENDED that follows it does not take it back.
        if (record.EnergyWh is not { } energy || !(settles || (record.Event == SessionEvent.Ended && !HasSettledTotal)))
        {
            return 0;
        }
        HasSettledTotal |= settles;
        HasTotal = true;
        var change = SessionLedger.MicroWh(energy) - Total;
        Total += change;
        return change;
    }

    public bool IsRunningAt(Instant at, TimeSpan maxSession) => at >= Start
        && (End is { } end ? at <= end : at < Last + maxSession);

    public ChargingSession Finish(string pile, TimeSpan maxSession, Instant evaluation)
    {
        var closed = End is null && Last + maxSession <= evaluation;
        var end = closed ? Last + maxSession : End;
        return new ChargingSession(pile, Port, Id)
        {
            Start = Start,
            ChargeDone = chargeDone,
            End = end,
            EnergyMicroWh = Total,
            MaxPowerW = maxPowerW,
            StopReason = closed ? StopReason.Abnormal : reason,
            VendorReason = vendorReason,
            Settled = HasSettledTotal,
            Estimated = end is not null && !HasTotal,
            Suspects = Suspects,
            Last = Last,
            StartReported = started is not null,
        };
    }

    private static Instant? Earliest(Instant? a, Instant? b) => a is { } x && b is { } y ? Instant.Earlier(x, y) : a ?? b;

    // Nobody knows a time that lies after the moment at which he names it.
    private static Instant? Sane(Instant? given, in Stamp stamp) =>
        given >= EventTime.Oldest && given <= stamp.Received + EventTime.AheadMax ? given : null;
}
