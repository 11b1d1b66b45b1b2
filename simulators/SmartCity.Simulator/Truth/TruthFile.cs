using System.Globalization;
using System.Text.Json;
using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Charging;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Sanitation;
using Session = SmartCity.Simulator.Charging.Session;

namespace SmartCity.Simulator.Truth;

/// <summary>
/// Writes what truly happened, one JSON object a line, day by day: what a server that saw everything would have to say. It is
/// never sent. docs/accuracy.md describes the lines; times are true, in ms since the epoch.
/// </summary>
internal sealed class TruthFile(Stream file) : IDisposable
{
    private readonly Utf8JsonWriter json = new(file);

    public static TruthFile Open(string path) => new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read));

    /// <summary>Writes a day whose piles were prepared.</summary>
    public void WriteDay(City city, int day)
    {
        Begin("day", day);
        json.WriteNumber("seed", city.Plan.Seed);
        json.WriteNumber("from", CityTime.StartOf(day));
        json.WriteNumber("until", CityTime.StartOf(day + 1));
        json.WriteBoolean("snow", Weather.Snow(day));
        End();
        WriteTrucks(city, day);
        foreach (var pile in city.Plan.Piles)
        {
            var timeline = city.TimelineOf(pile.Id);
            for (var port = 1; port <= Assumptions.PortsPerPile; port++)
            {
                WritePort(timeline, port, day);
            }
            foreach (var fault in TruthFaults.Of(city.Plan.Seed, timeline, day))
            {
                WriteFault(fault, day);
            }
            WriteBlind(pile.Id, timeline.LostGaps, day);
        }
        file.Flush();
    }

    public void Dispose()
    {
        json.Dispose();
        file.Dispose();
    }

    private void WriteTrucks(City city, int day)
    {
        var written = city.Plan.Trucks.ToDictionary(t => t.Id, t => city.Write(new CityDevice(UplinkKind.Truck, t.Id), day));
        var routes = city.Plan.Routes.SelectMany(r => r.Stops, (r, p) => (r, p.Id)).ToDictionary(x => x.Id, x => x.r);
        foreach (var obligation in city.Sanitation[day].Obligations)
        {
            var window = city.Plan.Windows.First(w => w.Key == obligation.Window);
            Begin("obligation", day);
            json.WriteString("point", obligation.Point);
            json.WriteString("window", obligation.Window);
            json.WriteNumber("windowFrom", CityTime.StartOf(day) + (window.StartMinute * CityTime.MinuteMs));
            json.WriteNumber("windowUntil", CityTime.StartOf(day) + (window.EndMinute * CityTime.MinuteMs));
            var route = routes[obligation.Point];
            json.WriteString("planned", string.Join(',', city.Plan.Trucks.Where(t => t.RouteId == route.Id).Select(t => t.Id)));
            json.WriteBoolean("canyon", route.Stops.Any(s => city.Canyons.Contains(s.Place)));
            WriteOutcome(obligation, written);
            End();
        }
        foreach (var truck in written.Values)
        {
            foreach (var stray in Sight.Strays(truck, city.Sanitation[day].Journeys[truck.Device]))
            {
                Begin("stray", day);
                json.WriteString("device", truck.Device);
                json.WriteNumber("at", stray);
                End();
            }
            WriteBlind(truck.Device, truck.Gaps.Where(g => g.Fate == OutboxFate.Lost), day);
        }
    }

    private void WriteOutcome(ObligationTruth obligation, Dictionary<string, DeviceDay> written)
    {
        json.WriteString("outcome", obligation.Outcome.ToString());
        if (obligation is { Truck: { } truck, Arrived: { } arrived, Left: { } left })
        {
            json.WriteString("truck", truck);
            json.WriteNumber("arrived", arrived);
            json.WriteNumber("left", left);
            json.WriteBoolean("seen", Sight.Saw(written[truck], arrived, left));
        }
        if (obligation.At is { } at)
        {
            json.WriteNumber("at", at);
            json.WriteBoolean("substituted", obligation.Substituted);
        }
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
        foreach (var session in sessions.Where(s => s.Start >= from && s.Start < until))
        {
            WriteSession(timeline.Pile.Id, session, day);
        }
    }

    private void WriteSession(string pile, Session session, int day)
    {
        Begin("session", day);
        json.WriteString("pile", pile);
        json.WriteNumber("port", session.Port);
        json.WriteString("id", session.Id);
        json.WriteNumber("start", session.Start);
        json.WriteNumber("end", session.End);
        json.WriteNumber("settled", session.Settled);
        json.WriteNumber("energyWh", Math.Round(session.EnergyWh, 1));
        json.WriteNumber("plateauW", Math.Round(session.PlateauW, 1));
        json.WriteString("stop", session.Stop.ToString());
        End();
    }

    private void WriteFault(FaultTruth fault, int day)
    {
        Begin("fault", day);
        json.WriteString("pile", fault.Pile);
        json.WriteNumber("port", fault.Port);
        json.WriteNumber("code", fault.Code);
        json.WriteNumber("from", fault.From);
        json.WriteNumber("until", fault.Until);
        json.WriteBoolean("derived", fault.Derived);
        json.WriteBoolean("raiseLost", fault.RaiseLost);
        json.WriteBoolean("clearLost", fault.ClearLost);
        End();
    }

    private void WriteBlind(string device, IEnumerable<LinkGap> gaps, int day)
    {
        foreach (var gap in gaps.Where(g => g.From >= CityTime.StartOf(day) && g.From < CityTime.StartOf(day + 1)))
        {
            Begin("blind", day);
            json.WriteString("device", device);
            json.WriteNumber("from", gap.From);
            json.WriteNumber("until", gap.Until);
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
