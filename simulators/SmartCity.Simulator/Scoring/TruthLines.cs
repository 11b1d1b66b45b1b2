using System.Text.Json;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.Running;

namespace SmartCity.Simulator.Scoring;

/// <summary>What truly happened at a point in a window. Times are ms since the epoch.</summary>
/// <param name="Planned">The trucks of the point's route.</param>
/// <param name="Canyon">The route leads through a compound between high walls.</param>
/// <param name="At">The first lift; null when nobody collected.</param>
/// <param name="Seen">Something of the visit left the truck.</param>
internal sealed record TrueObligation(
    string Id, long WindowFrom, long WindowUntil, IReadOnlyList<string> Planned, bool Canyon, string Outcome, string? Truck,
    long? At, bool Substituted, bool Seen);

internal sealed record TrueFault(
    string Pile, int Port, int Code, long From, long Until, bool Derived, bool RaiseLost, bool ClearLost);

internal sealed record TrueSession(
    string Pile, int Port, string Id, long Start, long End, long Settled, double EnergyWh, double PlateauW);

/// <summary>A port on a day.</summary>
internal sealed record TruePort(string Pile, int Port, string Date, double OccupiedS, double LitS, double EnergyWh);

/// <summary>A time in which a device measured, and what it measured was lost.</summary>
internal readonly record struct TrueBlind(long From, long Until)
{
    public bool Touches(long from, long until) => From < until && Until > from;
}

/// <summary>A file of the truth, as <see cref="Truth.TruthFile"/> writes it.</summary>
internal sealed class TruthLines
{
    private readonly HashSet<string> days = [];

    public int Seed { get; private set; }

    public long From { get; private set; } = long.MaxValue;

    public long Until { get; private set; }

    public string FirstDate => days.Min()!;

    public string LastDate => days.Max()!;

    public int Days => days.Count;

    public List<TrueObligation> Obligations { get; } = [];

    public List<TrueFault> Faults { get; } = [];

    public List<TrueSession> Sessions { get; } = [];

    public List<TruePort> Ports { get; } = [];

    public Dictionary<string, List<TrueBlind>> Blind { get; } = [];

    /// <summary>By truck: when its tracker said that it was somewhere else.</summary>
    public Dictionary<string, HashSet<long>> Strays { get; } = [];

    /// <summary>Reads a file; days must not come twice.</summary>
    /// <exception cref="SimulatorException">It is not such a file.</exception>
    public static TruthLines Read(string path)
    {
        var truth = new TruthLines();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            try
            {
                using var json = JsonDocument.Parse(line);
                truth.Take(json.RootElement);
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new SimulatorException($"{path}, line {number}: not a line of a truth file ({e.Message})");
            }
        }
        return truth.Days > 0 ? truth : throw new SimulatorException($"{path} is empty: let `backfill --truth` write it.");
    }

    /// <summary>The lost times of a device that touch a span.</summary>
    public bool IsBlind(string device, long from, long until) =>
        Blind.TryGetValue(device, out var spans) && spans.Exists(s => s.Touches(from, until));

    /// <summary>Whether a fix of a truck was a stray one.</summary>
    public bool IsStray(string truck, long fixTime) =>
        Strays.TryGetValue(truck, out var strays) && strays.Contains(fixTime - DeviceClock.OffsetOf(truck, 0));

    private void Take(JsonElement line)
    {
        switch (Text(line, "kind"))
        {
            case "day":
                TakeDay(line);
                break;
            case "obligation":
                Obligations.Add(ObligationOf(line));
                break;
            case "fault":
                Faults.Add(new TrueFault(
                    Text(line, "pile"), Whole(line, "port"), Whole(line, "code"), Time(line, "from"), Time(line, "until"),
                    Flag(line, "derived"), Flag(line, "raiseLost"), Flag(line, "clearLost")));
                break;
            case "session":
                Sessions.Add(new TrueSession(
                    Text(line, "pile"), Whole(line, "port"), Text(line, "id"), Time(line, "start"), Time(line, "end"),
                    Time(line, "settled"), line.GetProperty("energyWh").GetDouble(), line.GetProperty("plateauW").GetDouble()));
                break;
            case "port":
                Ports.Add(PortOf(line));
                break;
            case "stray":
                Strays.TryAdd(Text(line, "device"), []);
                Strays[Text(line, "device")].Add(Time(line, "at"));
                break;
            case "blind":
                Blind.TryAdd(Text(line, "device"), []);
                Blind[Text(line, "device")].Add(new TrueBlind(Time(line, "from"), Time(line, "until")));
                break;
        }
    }

    private void TakeDay(JsonElement line)
    {
        if (!days.Add(Text(line, "date")))
        {
            throw new InvalidOperationException("this day comes twice; begin with an empty file");
        }
        Seed = Whole(line, "seed");
        From = Math.Min(From, Time(line, "from"));
        Until = Math.Max(Until, Time(line, "until"));
    }

    private static TrueObligation ObligationOf(JsonElement line) => new(
        $"{Text(line, "point")}/{Text(line, "date")}/{Text(line, "window")}", Time(line, "windowFrom"), Time(line, "windowUntil"),
        Text(line, "planned").Split(','), Flag(line, "canyon"), Text(line, "outcome"),
        line.TryGetProperty("truck", out var truck) ? truck.GetString() : null,
        line.TryGetProperty("at", out var at) ? at.GetInt64() : null, Flag(line, "substituted"), Flag(line, "seen"));

    private static TruePort PortOf(JsonElement line)
    {
        var seconds = line.GetProperty("seconds").EnumerateObject().ToDictionary(s => s.Name, s => s.Value.GetDouble());
        double Of(params string[] names) => names.Sum(n => seconds.GetValueOrDefault(n));
        return new TruePort(
            Text(line, "pile"), Whole(line, "port"), Text(line, "date"),
            Of("PLUGGED", "CHARGING", "FLOATING", "FINISHED_PLUGGED"), seconds.Values.Sum() - Of("OFFLINE"),
            line.GetProperty("energyWh").GetDouble());
    }

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;

    private static int Whole(JsonElement line, string name) => line.GetProperty(name).GetInt32();

    private static long Time(JsonElement line, string name) => line.GetProperty(name).GetInt64();

    private static bool Flag(JsonElement line, string name) => line.TryGetProperty(name, out var flag) && flag.GetBoolean();
}
