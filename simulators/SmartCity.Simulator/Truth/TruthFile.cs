using System.Globalization;
using System.Text.Json;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Charging;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Sanitation;
using Session = SmartCity.Simulator.Charging.Session;

namespace SmartCity.Simulator.Truth;

/// <summary>
/// Writes what truly happened, one JSON object a line, day by day: what a server that saw everything would have to say.
/// `obligation`: served or why not. `port`: seconds by true status, sessions begun, energy. `fault`: from, until.
/// </summary>
internal sealed class TruthFile(Stream file) : IDisposable
{
    private readonly Utf8JsonWriter json = new(file);

    public static TruthFile Open(string path) => new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read));

    /// <summary>Writes a day whose piles were prepared.</summary>
    public void WriteDay(City city, int day)
    {
        foreach (var obligation in city.Sanitation[day].Obligations)
        {
            WriteObligation(obligation, day);
        }
        foreach (var pile in city.Plan.Piles)
        {
            var timeline = city.TimelineOf(pile.Id);
            for (var port = 1; port <= Assumptions.PortsPerPile; port++)
            {
                WritePort(timeline, port, day);
            }
            WriteFaults(timeline, day);
        }
        file.Flush();
    }

    public void Dispose()
    {
        json.Dispose();
        file.Dispose();
    }

    private void WriteObligation(ObligationTruth obligation, int day)
    {
        Begin("obligation", day);
        json.WriteString("point", obligation.Point);
        json.WriteString("window", obligation.Window);
        json.WriteString("outcome", obligation.Outcome.ToString());
        if (obligation.At is { } at)
        {
            json.WriteNumber("at", at);
            json.WriteString("truck", obligation.Truck);
            json.WriteBoolean("substituted", obligation.Substituted);
        }
        End();
    }

    private void WritePort(PileTimeline timeline, int port, int day)
    {
        var (from, until) = (CityTime.StartOf(day), CityTime.StartOf(day + 1));
        Begin("port", day);
        json.WriteString("pile", timeline.Pile.Id);
        json.WriteNumber("port", port);
        json.WriteStartObject("seconds");
        foreach (var status in PortStatuses.Of(timeline, port, from, until).GroupBy(s => s.Status).OrderBy(g => g.Key))
        {
            json.WriteNumber(NameOf(status.Key), status.Sum(s => s.Until - s.From) / 1000.0);
        }
        json.WriteEndObject();
        var sessions = timeline.SessionsIn(port, from, until).ToList();
        json.WriteNumber("sessions", sessions.Count(s => s.Start >= from && s.Start < until));
        json.WriteNumber("energyWh", Math.Round(sessions.Sum(s => EnergyIn(s, from, until)), 1));
        End();
    }

    private void WriteFaults(PileTimeline timeline, int day)
    {
        var (from, until) = (CityTime.StartOf(day), CityTime.StartOf(day + 1));
        var faults = Enumerable.Range(1, Assumptions.PortsPerPile).SelectMany(timeline.FaultsOf)
            .Concat(timeline.Dark.Select(d => new PortFault(0, PortFault.MainsLoss, d.From, d.Until, Transient: false)));
        foreach (var fault in faults.Where(f => f.From >= from && f.From < until))
        {
            Begin("fault", day);
            json.WriteString("pile", timeline.Pile.Id);
            json.WriteNumber("port", fault.Port);
            json.WriteNumber("code", fault.Code);
            json.WriteNumber("from", fault.From);
            json.WriteNumber("until", fault.Until);
            json.WriteBoolean("transient", fault.Transient);
            End();
        }
    }

    private static double EnergyIn(Session session, long from, long until)
    {
        var (begin, end) = (Math.Max(from, session.Start), Math.Min(until, session.End));
        return end > begin ? session.EnergyAt(end) - session.EnergyAt(begin) : 0;
    }

    private static string NameOf(PortStatus status) =>
        status == PortStatus.FinishedPlugged ? "FINISHED_PLUGGED" : status.ToString().ToUpperInvariant();

    private void Begin(string kind, int day)
    {
        json.WriteStartObject();
        json.WriteString("kind", kind);
        json.WriteString("date", CityTime.DateOf(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private void End()
    {
        json.WriteEndObject();
        json.Flush();
        file.WriteByte((byte)'\n');
        json.Reset();
    }
}
