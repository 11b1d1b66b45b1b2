using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>What is common to the live state of every device: written by one feeder, read by many.</summary>
internal abstract class LiveDevice(string id)
{
    private readonly RefusedResends resends = new();
    private Instant validFrom = Instant.Max;
    private Instant validUntil = Instant.Min;

    /// <summary>The device's id.</summary>
    public string Id { get; } = id;

    /// <summary>Guards everything below.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>When it was heard.</summary>
    protected HeardRuns Heard { get; } = new();

    /// <summary>When its newest record came in.</summary>
    protected Instant? LatestReceived { get; private set; }

    /// <summary>How long it may be silent.</summary>
    protected TimeSpan SilenceMax { get; set; } = DerivedStatus.OfflineAfter(TimeSpan.Zero);

    /// <summary>Takes in a message of the device.</summary>
    public void Apply(TelemetryMessage message)
    {
        lock (Gate)
        {
            Take(message);
            validUntil = Instant.Min;
        }
    }

    /// <summary>Notes that the device was heard throughout a span, as the store has it.</summary>
    public void ApplyHeard(Instant from, Instant until)
    {
        lock (Gate)
        {
            Heard.Add(from, until, SilenceMax);
            validUntil = Instant.Min;
        }
    }

    /// <summary>Takes in the records of a message; called under the lock.</summary>
    protected abstract void Take(TelemetryMessage message);

    /// <summary>Computes the state; called under the lock.</summary>
    /// <returns>The first moment at which time alone may change it.</returns>
    protected abstract Instant Evaluate(Instant now, ChangeCounter changes);

    /// <summary>Computes the state if it may have changed; called under the lock.</summary>
    protected void Refresh(Instant now, ChangeCounter changes)
    {
        if (now < validFrom || now >= validUntil)
        {
            validUntil = Evaluate(now, changes);
            validFrom = now;
        }
    }

    /// <summary>Says that the registry changed under the state; called under the lock.</summary>
    protected void Invalidate() => validUntil = Instant.Min;

    /// <summary>Takes in records that show that the device was alive when it made them.</summary>
    protected void TakeAll<T>(TelemetryMessage<T> message, Action<T> take) where T : struct, ITelemetryRecord
    {
        if (resends.Contains(message))
        {
            return;
        }
        for (var i = 0; i < message.Records.Count; i++)
        {
            var record = message.Records[i];
            take(record);
            Note(record.Stamp, heard: true);
        }
    }

    /// <summary>Takes in that the device came online, or was announced gone. Wills are never resends.</summary>
    protected void TakeConnections(TelemetryMessage<ConnRecord> message, Action<Instant> gone)
    {
        foreach (var record in message.Records)
        {
            Note(record.Stamp, record.Online);
            if (!record.Online)
            {
                gone(record.Stamp.Received);
            }
        }
    }

    /// <summary>Notes that a record came in, and that the device was heard then if that is what it shows.</summary>
    private void Note(in Stamp stamp, bool heard)
    {
        LatestReceived = LatestReceived is { } latest ? Instant.Later(latest, stamp.Received) : stamp.Received;
        if (heard)
        {
            Heard.Add(stamp.Time, stamp.Time, SilenceMax);
        }
    }
}
