using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>A session: what its records, in order, say of it.</summary>
internal sealed class OracleSession
{
    public OracleSession(int port, string id, List<OracleRecord> records, long maxSeconds)
    {
        (Port, Id, Last) = (port, id, records.Max(r => r.At));
        var steps = records.Where(r => r.Delivery.What is Step).Select(r => (r.At, r.Refused, Step: (Step)r.Delivery.What)).ToList();
        long? At(SessionEvent step) => steps.Where(s => s.Step.Event == step).Select(s => (long?)s.At).FirstOrDefault();
        // A clock that is refused dates nothing, so neither the times inside its records.
        long? Given(Func<Step, long?> time) =>
            steps.Where(s => !s.Refused).Select(s => time(s.Step)).FirstOrDefault(t => t is not null);
        Start = At(SessionEvent.Started) ?? Given(s => s.Start) ?? records.Min(r => r.At);
        End = At(SessionEvent.Ended) ?? Given(s => s.End) ?? At(SessionEvent.Unplugged) ?? At(SessionEvent.Settled);
        Closes = Last + maxSeconds;
        LastCounted = Start;
    }

    public int Port { get; }

    public string Id { get; }

    public long Start { get; }

    /// <summary>What the pile says; null when it never did.</summary>
    public long? End { get; }

    public long Last { get; }

    /// <summary>When the server closes it if the pile does not say that it ended.</summary>
    public long Closes { get; }

    public decimal Total { get; set; }

    public long LastCounted { get; set; }

    public bool IsSettled { get; set; }

    public bool HasSettledTotal { get; set; }

    public int Suspects { get; set; }

    public bool Runs(long second) => second >= Start && second <= (End ?? Closes);
}
