using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>The latest words of one port; of port 0 only the status counts.</summary>
internal sealed class LivePort
{
    private const int StatusesMax = 8;
    private const int SamplesMax = 2;

    /// <summary>What it reported it was doing.</summary>
    public Trail<StatusRecord> Statuses { get; } = new(StatusesMax, (before, after) => before.Status == after.Status);

    /// <summary>Its last meter samples.</summary>
    public Trail<MeterRecord> Samples { get; } = new(SamplesMax, (_, _) => false);

    /// <summary>Its sessions.</summary>
    public PortSessions Sessions { get; } = new();

    /// <summary>Changes with every word.</summary>
    public int Edition { get; private set; }

    /// <summary>Takes in a status.</summary>
    public void Add(in StatusRecord record)
    {
        Statuses.Add(record);
        Note(record.SessionId, record.Stamp.Time);
    }

    /// <summary>Takes in a meter sample.</summary>
    public void Add(in MeterRecord record)
    {
        Samples.Add(record);
        Note(record.SessionId, record.Stamp.Time);
    }

    /// <summary>Takes in a session's step.</summary>
    public void Add(in SessionRecord record)
    {
        Sessions.Note(record);
        Edition++;
    }

    private void Note(string? session, Instant time)
    {
        Edition++;
        if (!string.IsNullOrEmpty(session))
        {
            Sessions.Note(session, time);
        }
    }
}
